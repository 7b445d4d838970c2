import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { getProfile } from '../api/generated/fn/profiles/get-profile';
import { getProfileSchema } from '../api/generated/fn/profiles/get-profile-schema';
import { getProfileVersion } from '../api/generated/fn/profiles/get-profile-version';
import { listProfileVersions } from '../api/generated/fn/profiles/list-profile-versions';
import { listProfiles } from '../api/generated/fn/profiles/list-profiles';
import { publishProfile$Yaml } from '../api/generated/fn/profiles/publish-profile-yaml';
import { validateProfile$Yaml } from '../api/generated/fn/profiles/validate-profile-yaml';
import type {
  ProfileDetailDto,
  ProfileSummaryDto,
  ProfileValidationDto,
  ProfileVersionDto,
} from '../api/generated/models';

export type ProfileDetail = ProfileDetailDto;
export type ProfileSummary = ProfileSummaryDto;
export type ProfileValidation = ProfileValidationDto;
export type ProfileVersion = ProfileVersionDto;

const ALL = 200;

/** What can be run. */
@Injectable({ providedIn: 'root' })
export class ProfilesGateway {
  private readonly api = inject(Api);

  list(): Observable<readonly ProfileSummary[]> {
    return this.api.invoke(listProfiles, { limit: ALL }).pipe(map((page) => page.profiles));
  }

  /** @param version null is the newest */
  get(name: string, version: number | null): Observable<ProfileDetail> {
    if (version === null) return this.api.invoke(getProfile, { name });
    return this.api.invoke(getProfileVersion, { name, version });
  }

  /** Newest first. */
  versions(name: string): Observable<readonly ProfileVersion[]> {
    return this.api.invoke(listProfileVersions, { name, limit: ALL }).pipe(map((page) => page.versions));
  }

  /** Whether a definition could be published, and what is wrong with it where. */
  validate(text: string): Observable<ProfileValidation> {
    return this.api.invoke(validateProfile$Yaml, { body: text });
  }

  /** The JSON Schema that definitions follow. */
  schema(): Observable<Readonly<Record<string, unknown>>> {
    return this.api.invoke(getProfileSchema);
  }

  /** Makes a new version; the same definition again makes none. */
  publish(name: string, text: string): Observable<unknown> {
    return this.api.invoke(publishProfile$Yaml, { name, body: text });
  }
}
