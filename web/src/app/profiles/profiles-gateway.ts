import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import type { ProfileDetail, ProfileSummary, ProfileVersion } from './profile-models';

/** Profiles over REST. */
@Injectable({ providedIn: 'root' })
export class ProfilesGateway {
  private readonly http = inject(HttpClient);

  list(): Observable<readonly ProfileSummary[]> {
    return this.http
      .get<{ profiles: readonly ProfileSummary[] }>('/profiles', { params: { limit: 200 } })
      .pipe(map((page) => page.profiles));
  }

  /** @param version null is the newest */
  get(name: string, version: number | null): Observable<ProfileDetail> {
    const path = version === null ? '' : `/versions/${String(version)}`;
    return this.http.get<ProfileDetail>(`/profiles/${name}${path}`);
  }

  versions(name: string): Observable<readonly ProfileVersion[]> {
    return this.http
      .get<{ versions: readonly ProfileVersion[] }>(`/profiles/${name}/versions`)
      .pipe(map((page) => page.versions));
  }
}
