import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AppConfig } from '../config/app-config.js';
import { AccessTokens } from './access-tokens.js';
import { AccountCache } from './account-cache.js';
import { AccountLookupRepository } from './account-lookup.repository.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { AuthBootstrap } from './auth-bootstrap.js';
import { AuthController } from './auth.controller.js';
import { Authenticator } from './authenticator.js';
import { AuthGuard } from './auth.guard.js';
import { AuthHousekeeping } from './auth-housekeeping.js';
import { AuthKeys } from './auth-keys.js';
import { AuthService } from './auth.service.js';
import { AuthCookies } from './cookies.js';
import { Credentials } from './credentials.js';
import { DeviceController } from './device/device.controller.js';
import { DeviceLoginsRepository } from './device/device-logins.repository.js';
import { DeviceLogins } from './device/device-logins.service.js';
import { HeaderAccounts } from './header-accounts.js';
import { LoginAttemptsRepository } from './login-attempts.repository.js';
import { LoginThrottle } from './login-throttle.js';
import { IdentitiesRepository } from './oidc/identities.repository.js';
import { LoginFlows } from './oidc/login-flow.js';
import { OidcAccounts } from './oidc/oidc-accounts.js';
import { OidcController } from './oidc/oidc.controller.js';
import { OidcLogout } from './oidc/oidc-logout.js';
import { OidcLogin } from './oidc/oidc-login.js';
import { OidcProvider } from './oidc/oidc-provider.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import { PasswordResetsController } from './password-resets.controller.js';
import { PasswordResets } from './password-resets.service.js';
import { PasswordCheck } from './password-check.js';
import { Passwords } from './passwords.js';
import { RateLimiter } from './rate-limiter.js';
import { PermissionGuard } from './permission.guard.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateCounts } from './rate-counts.js';
import { RateWindowsRepository } from './rate-windows.repository.js';
import { Callers } from './callers.js';
import { RequestLimits } from './request-limits.js';
import { RefreshTokens } from './refresh-tokens.js';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller.js';
import { ServiceAccounts } from './service-accounts/service-accounts.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SecretCipher } from '../secrets/secret-cipher.js';
import { SignOut } from './sign-out.js';
import { SetupTokensRepository } from './setup-tokens.repository.js';
import { SecondStep } from './totp/second-step.js';
import { TotpController } from './totp/totp.controller.js';
import { TotpFactorsRepository } from './totp/totp-factors.repository.js';
import { Totp } from './totp/totp.service.js';
import { TotpSecrets } from './totp/totp-secrets.js';
import { TotpTickets } from './totp/totp-tickets.js';
import { TrustedProxies } from './trusted-proxies.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

const repositories = [
  AccountLookupRepository,
  ApiKeysRepository,
  DeviceLoginsRepository,
  IdentitiesRepository,
  LoginAttemptsRepository,
  RateWindowsRepository,
  SessionsRepository,
  SetupTokensRepository,
  TotpFactorsRepository,
  UsersRepository,
];
const services = [
  ...[AccessTokens, AccountCache, ApiKeysService, AuthCookies, Authenticator, AuthHousekeeping, AuthKeys],
  ...[
    AuthService,
    Credentials,
    HeaderAccounts,
    LoginThrottle,
    Passwords,
    RateLimiter,
    RefreshTokens,
    RequestLimits,
  ],
  ...[SessionsService, TrustedProxies, UsersService, PasswordResets],
  ...[LoginFlows, OidcAccounts, OidcLogin, OidcLogout, OidcProvider, OidcTokens, SecretCipher, SignOut],
  ...[DeviceLogins, PasswordCheck, SecondStep, ServiceAccounts, Totp, TotpSecrets],
  ...[Callers, TotpTickets],
];

/** Accounts, sign-ins and keys, and the guards that stand before every route of the application. */
@Module({
  controllers: [
    AuthController,
    SessionsController,
    UsersController,
    ApiKeysController,
    PasswordResetsController,
    OidcController,
    DeviceController,
    TotpController,
    ServiceAccountsController,
  ],
  providers: [
    ...repositories,
    ...services,
    AuthBootstrap,
    {
      provide: RateCounts,
      inject: [AppConfig, RateWindowsRepository],
      useFactory: async ({ redisUrl }: AppConfig, windows: RateWindowsRepository): Promise<RateCounts> =>
        redisUrl === null ? windows : new (await import('./redis-rate-counts.js')).RedisRateCounts(redisUrl),
    },
    // In this order: the limit is a user's, so the user must be known, and it holds for what is forbidden too.
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: PermissionGuard },
  ],
  exports: [Authenticator, AuthBootstrap, AuthKeys, RateLimiter, TotpSecrets, UsersRepository],
})
export class AuthModule {}
