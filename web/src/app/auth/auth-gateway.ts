import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';

export type Role = 'admin' | 'member' | 'viewer';

export interface Me {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly permissions: readonly string[];
}

export interface FirstUser {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Sign-in over REST. */
@Injectable({ providedIn: 'root' })
export class AuthGateway {
  private readonly http = inject(HttpClient);

  status(): Observable<{ setup_required: boolean }> {
    return this.http.get<{ setup_required: boolean }>('/auth/status');
  }

  me(): Observable<Me> {
    return this.http.get<Me>('/auth/me');
  }

  login(email: string, password: string): Observable<unknown> {
    return this.http.post('/auth/login', { email, password });
  }

  refresh(): Observable<unknown> {
    return this.http.post('/auth/refresh', {});
  }

  logout(): Observable<unknown> {
    return this.http.post('/auth/logout', {});
  }

  setup(user: FirstUser): Observable<unknown> {
    return this.http.post('/auth/setup', user);
  }
}
