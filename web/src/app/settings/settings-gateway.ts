import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { createApiKey } from '../api/generated/fn/api-keys/create-api-key';
import { listApiKeys } from '../api/generated/fn/api-keys/list-api-keys';
import { revokeApiKey } from '../api/generated/fn/api-keys/revoke-api-key';
import { changePassword } from '../api/generated/fn/auth/change-password';
import { exportAudit$Csv } from '../api/generated/fn/audit/export-audit-csv';
import { listAudit } from '../api/generated/fn/audit/list-audit';
import { verifyAudit } from '../api/generated/fn/audit/verify-audit';
import { createSecret } from '../api/generated/fn/secrets/create-secret';
import { deleteSecret } from '../api/generated/fn/secrets/delete-secret';
import { listSecrets } from '../api/generated/fn/secrets/list-secrets';
import { setSecret } from '../api/generated/fn/secrets/set-secret';
import { removeTotpOfUser } from '../api/generated/fn/second-factor/remove-totp-of-user';
import { createServiceAccount } from '../api/generated/fn/service-accounts/create-service-account';
import { createServiceAccountKey } from '../api/generated/fn/service-accounts/create-service-account-key';
import { listServiceAccountKeys } from '../api/generated/fn/service-accounts/list-service-account-keys';
import { revokeServiceAccountKey } from '../api/generated/fn/service-accounts/revoke-service-account-key';
import { createUser } from '../api/generated/fn/users/create-user';
import { listUsers } from '../api/generated/fn/users/list-users';
import { makeResetLink } from '../api/generated/fn/password-resets/make-reset-link';
import { updateUser } from '../api/generated/fn/users/update-user';
import type {
  ApiKeyDto,
  AuditEntryDto,
  AuditPageDto,
  AuditResult,
  AuditVerificationDto,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  CreateSecretDto,
  CreateServiceAccountDto,
  CreateUserDto,
  ResetLinkDto,
  SecretDto,
  UpdateUserDto,
  UserDto,
} from '../api/generated/models';

export type ApiKey = ApiKeyDto;
export type AuditEntry = AuditEntryDto;
export type Secret = SecretDto;
export type User = UserDto;

/** Empty: not narrowed. */
export interface AuditFilters {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly result: AuditResult | '';
}

const ALL = 200;

/** Account, keys and users. */
@Injectable({ providedIn: 'root' })
export class SettingsGateway {
  private readonly api = inject(Api);

  changePassword(current: string, next: string): Observable<unknown> {
    return this.api.invoke(changePassword, { body: { current_password: current, new_password: next } });
  }

  apiKeys(): Observable<readonly ApiKey[]> {
    return this.api.invoke(listApiKeys).pipe(map((answer) => answer.api_keys));
  }

  createApiKey(request: CreateApiKeyDto): Observable<CreatedApiKeyDto> {
    return this.api.invoke(createApiKey, { body: request });
  }

  revokeApiKey(id: string): Observable<unknown> {
    return this.api.invoke(revokeApiKey, { api_key_id: id });
  }

  secrets(): Observable<readonly Secret[]> {
    return this.api.invoke(listSecrets).pipe(map((answer) => answer.secrets));
  }

  createSecret(secret: CreateSecretDto): Observable<Secret> {
    return this.api.invoke(createSecret, { body: secret });
  }

  setSecret(id: string, value: string): Observable<Secret> {
    return this.api.invoke(setSecret, { secret_id: id, body: { value } });
  }

  deleteSecret(id: string): Observable<unknown> {
    return this.api.invoke(deleteSecret, { secret_id: id });
  }

  /** @param before number of the entry that the page ends before; null: the newest page */
  audit(filters: AuditFilters, before: number | null): Observable<AuditPageDto> {
    return this.api.invoke(listAudit, { ...given(filters), ...(before === null ? {} : { before }) });
  }

  auditExportUrl(filters: AuditFilters): string {
    const query = new URLSearchParams({ format: 'csv', ...given(filters) });
    return `${this.api.rootUrl}${exportAudit$Csv.PATH}?${query.toString()}`;
  }

  verifyAudit(): Observable<AuditVerificationDto> {
    return this.api.invoke(verifyAudit);
  }

  users(): Observable<readonly User[]> {
    return this.api.invoke(listUsers, { limit: ALL }).pipe(map((answer) => answer.users));
  }

  createUser(user: CreateUserDto): Observable<unknown> {
    return this.api.invoke(createUser, { body: user });
  }

  /** A link by which the user sets a new password. */
  makeResetLink(id: string): Observable<ResetLinkDto> {
    return this.api.invoke(makeResetLink, { user_id: id });
  }

  /** Removes the second factor of somebody who lost it. */
  removeTotp(id: string): Observable<unknown> {
    return this.api.invoke(removeTotpOfUser, { user_id: id });
  }

  createServiceAccount(account: CreateServiceAccountDto): Observable<unknown> {
    return this.api.invoke(createServiceAccount, { body: account });
  }

  serviceKeys(id: string): Observable<readonly ApiKey[]> {
    return this.api.invoke(listServiceAccountKeys, { user_id: id }).pipe(map((answer) => answer.api_keys));
  }

  createServiceKey(id: string, request: CreateApiKeyDto): Observable<CreatedApiKeyDto> {
    return this.api.invoke(createServiceAccountKey, { user_id: id, body: request });
  }

  revokeServiceKey(id: string, keyId: string): Observable<unknown> {
    return this.api.invoke(revokeServiceAccountKey, { user_id: id, api_key_id: keyId });
  }

  updateUser(id: string, change: UpdateUserDto): Observable<unknown> {
    return this.api.invoke(updateUser, { user_id: id, body: change });
  }
}

const given = (
  filters: AuditFilters,
): Partial<Record<Exclude<keyof AuditFilters, 'result'>, string>> & {
  result?: AuditResult;
} => Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
