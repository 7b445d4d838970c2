import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import type { Role } from '../auth/auth-gateway';

export interface ApiKey {
  readonly api_key_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[] | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly expires_at: string | null;
}

export interface User {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly disabled_at: string | null;
  readonly created_at: string;
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** Account, keys and users over REST. */
@Injectable({ providedIn: 'root' })
export class SettingsGateway {
  private readonly http = inject(HttpClient);

  changePassword(current: string, next: string): Observable<unknown> {
    return this.http.post('/auth/password', { current_password: current, new_password: next });
  }

  apiKeys(): Observable<readonly ApiKey[]> {
    return this.http.get<{ api_keys: readonly ApiKey[] }>('/api-keys').pipe(map((answer) => answer.api_keys));
  }

  createApiKey(request: NewApiKey): Observable<ApiKey & { readonly key: string }> {
    return this.http.post<ApiKey & { readonly key: string }>('/api-keys', request);
  }

  revokeApiKey(id: string): Observable<unknown> {
    return this.http.delete(`/api-keys/${id}`);
  }

  users(): Observable<readonly User[]> {
    return this.http
      .get<{ users: readonly User[] }>('/users', { params: { limit: 200 } })
      .pipe(map((answer) => answer.users));
  }

  createUser(user: NewUser): Observable<unknown> {
    return this.http.post('/users', user);
  }

  updateUser(id: string, change: { readonly role?: Role; readonly disabled?: boolean }): Observable<unknown> {
    return this.http.patch(`/users/${id}`, change);
  }
}
