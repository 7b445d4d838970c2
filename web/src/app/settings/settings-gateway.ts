import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { createApiKey } from '../api/generated/fn/api-keys/create-api-key';
import { listApiKeys } from '../api/generated/fn/api-keys/list-api-keys';
import { revokeApiKey } from '../api/generated/fn/api-keys/revoke-api-key';
import { changePassword } from '../api/generated/fn/auth/change-password';
import { createUser } from '../api/generated/fn/users/create-user';
import { listUsers } from '../api/generated/fn/users/list-users';
import { updateUser } from '../api/generated/fn/users/update-user';
import type {
  ApiKeyDto,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  CreateUserDto,
  UpdateUserDto,
  UserDto,
} from '../api/generated/models';

export type ApiKey = ApiKeyDto;
export type User = UserDto;

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

  users(): Observable<readonly User[]> {
    return this.api.invoke(listUsers, { limit: ALL }).pipe(map((answer) => answer.users));
  }

  createUser(user: CreateUserDto): Observable<unknown> {
    return this.api.invoke(createUser, { body: user });
  }

  updateUser(id: string, change: UpdateUserDto): Observable<unknown> {
    return this.api.invoke(updateUser, { user_id: id, body: change });
  }
}
