import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { getAuthStatus } from '../api/generated/fn/auth/get-auth-status';
import { decideDeviceLogin } from '../api/generated/fn/device-login/decide-device-login';
import { getDeviceLogin } from '../api/generated/fn/device-login/get-device-login';
import { getMe } from '../api/generated/fn/auth/get-me';
import { login } from '../api/generated/fn/auth/login';
import { loginTotp } from '../api/generated/fn/auth/login-totp';
import { refresh } from '../api/generated/fn/auth/refresh';
import { endOidcLogin } from '../api/generated/fn/oidc/end-oidc-login';
import { getOidcProvider } from '../api/generated/fn/oidc/get-oidc-provider';
import { resetPassword } from '../api/generated/fn/password-resets/reset-password';
import { setUp } from '../api/generated/fn/auth/set-up';
import type {
  AuthStatusDto,
  MeDto,
  OidcProviderDto,
  SetupDto,
  SignOutDto,
  WaitingDeviceDto,
} from '../api/generated/models';

export type Me = MeDto;
export type WaitingDevice = WaitingDeviceDto;
export type Role = MeDto['role'];
export type Permission = MeDto['permissions'][number];

/**
 * Sign-in. The answers' tokens are left alone: the session is in HttpOnly cookies that the same answers set,
 * so that no script ever holds it.
 */
@Injectable({ providedIn: 'root' })
export class AuthGateway {
  private readonly api = inject(Api);

  status(): Observable<AuthStatusDto> {
    return this.api.invoke(getAuthStatus);
  }

  me(): Observable<Me> {
    return this.api.invoke(getMe);
  }

  login(email: string, password: string): Observable<unknown> {
    return this.api.invoke(login, { body: { email, password } });
  }

  loginTotp(ticket: string, code: string): Observable<unknown> {
    return this.api.invoke(loginTotp, { body: { ticket, code } });
  }

  refresh(): Observable<unknown> {
    return this.api.invoke(refresh);
  }

  /** The identity provider at which people can sign in. */
  provider(): Observable<OidcProviderDto> {
    return this.api.invoke(getOidcProvider);
  }

  /** Signs out; the answer tells where to sign out at the identity provider too. */
  logout(): Observable<SignOutDto> {
    return this.api.invoke(endOidcLogin);
  }

  /** Sets a new password by a link's token. */
  resetPassword(token: string, password: string): Observable<unknown> {
    return this.api.invoke(resetPassword, { body: { token, new_password: password } });
  }

  /** Which program waits under a code. */
  device(code: string): Observable<WaitingDeviceDto> {
    return this.api.invoke(getDeviceLogin, { user_code: code });
  }

  decideDevice(code: string, approve: boolean): Observable<unknown> {
    return this.api.invoke(decideDeviceLogin, { user_code: code, body: { approve } });
  }

  /** Makes the first administrator and signs them in. */
  setup(user: SetupDto): Observable<unknown> {
    return this.api.invoke(setUp, { body: user });
  }
}
