import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { DomainError, notFound } from '../problems/domain-error.js';
import type { ProfileDefinition } from './domain/profile.js';
import { MAX_PROFILE_BYTES, type LocatedProblem, type ProfileFormat } from './parsing/profile-text.js';
import { compileProfile } from './profile-compiler.js';
import type { ProfileOrigin, ProfileVersionEntity } from './profile-version.entity.js';
import type { ProfileEntity } from './profile.entity.js';
import { ProfilesRepository, type VersionHead } from './profiles.repository.js';

/** A version of a profile. Never changes. */
export type PublishedProfile = Readonly<Omit<ProfileVersionEntity, 'id' | 'profileId'>>;

export interface Publication {
  readonly name: string;
  readonly version: number;
  /** false: the newest version already says the same. */
  readonly created: boolean;
}

/** Who publishes; null is the product itself. */
export type Publisher = { readonly userId: string } | null;

export interface Page<Item> {
  readonly items: Item[];
  readonly total: number;
}

interface Accepted {
  readonly definition: ProfileDefinition;
  readonly digest: string;
}

/** A valid definition with the text that it was compiled from. */
export interface ProfileText extends Accepted {
  readonly text: string;
  readonly format: ProfileFormat;
}

const CACHED_VERSIONS = 500;

/** Other names cannot have been published; asking for them is no question for the database. */
const NAME = /^[a-z][a-z0-9_]{1,62}$/;

/** What can be run: publishes, validates and reads profiles. */
@Injectable()
export class WorkflowService {
  /** Versions never change, so what was read once stays right. */
  private readonly versions = new Map<string, PublishedProfile>();

  constructor(private readonly profiles: ProfilesRepository) {}

  /**
   * Publishes a definition as the next version of its profile. The definition that the newest version already
   * has gives that version again; so do simultaneous publications of one definition.
   * @throws DomainError 400 `invalid_profile` with the places, 413 `too_large`
   */
  async publish(
    name: string,
    text: string,
    format: ProfileFormat,
    publisher: Publisher,
  ): Promise<Publication> {
    return this.publishCompiled({ ...accepted(name, text, format), text, format }, publisher, 'api');
  }

  /** Publishes, as `publish` does, what was compiled before. */
  async publishCompiled(
    { definition, digest, text, format }: ProfileText,
    publisher: Publisher,
    origin: ProfileOrigin,
  ): Promise<Publication> {
    const { name } = definition;
    return this.profiles.transaction(async (tx) => {
      const now = new Date();
      const profile = await this.profiles.lockProfile(tx, name, now);
      const latest = await this.profiles.findHead(tx, name, profile.latestVersion);
      if (latest?.digest === digest) return { name, version: latest.version, created: false };
      const version = profile.latestVersion + 1;
      await this.profiles.addVersion(tx, {
        ...{
          id: v7(),
          profileId: profile.id,
          name,
          version,
          definition,
          source: text,
          format,
          digest,
          origin,
        },
        publishedBy: publisher?.userId ?? null,
        publishedAt: now,
      });
      return { name, version, created: true };
    });
  }

  /** Checks a text without publishing it: its problems with their places, none where it is valid. */
  validate(text: string, format: ProfileFormat): readonly LocatedProblem[] {
    const compiled = compileProfile(text, format);
    return compiled.kind === 'invalid' ? compiled.errors : [];
  }

  /** The newest version of a profile; null where there is no such profile. */
  async findLatest(name: string): Promise<PublishedProfile | null> {
    const profile = NAME.test(name) ? await this.profiles.findProfile(name) : null;
    return profile === null ? null : this.getVersion(name, profile.latestVersion);
  }

  /** @throws DomainError 404 where there is no such profile */
  async getLatest(name: string): Promise<PublishedProfile> {
    const latest = await this.findLatest(name);
    if (latest === null) throw notFound('Profile', name);
    return latest;
  }

  /** @throws DomainError 404 where there is no such version */
  async getVersion(name: string, version: number): Promise<PublishedProfile> {
    const key = `${name}@${String(version)}`;
    const known = this.versions.get(key) ?? (await this.readVersion(name, version));
    if (known === null) throw notFound('Profile version', key);
    this.remember(key, known);
    return known;
  }

  /** A page of the newest versions, in the order of their names. */
  async list(limit = 50, offset = 0): Promise<Page<PublishedProfile>> {
    const [profiles, total] = await this.profiles.page(limit, offset);
    const newest = (profile: ProfileEntity): Promise<PublishedProfile> =>
      this.getVersion(profile.name, profile.latestVersion);
    return { items: await Promise.all(profiles.map(newest)), total };
  }

  /**
   * A page of the versions of a profile, newest first.
   * @throws DomainError 404 where there is no such profile
   */
  async listVersions(name: string, limit = 50, offset = 0): Promise<Page<VersionHead>> {
    const [items, total] = NAME.test(name) ? await this.profiles.versions(name, limit, offset) : [[], 0];
    if (total === 0) throw notFound('Profile', name);
    return { items, total };
  }

  /** The names of all profiles, in order. */
  knownNames(): Promise<string[]> {
    return this.profiles.names();
  }

  private async readVersion(name: string, version: number): Promise<PublishedProfile | null> {
    return NAME.test(name) ? this.profiles.findVersion(name, version) : null;
  }

  /** Keeps the versions that were used last. */
  private remember(key: string, version: PublishedProfile): void {
    this.versions.delete(key);
    this.versions.set(key, version);
    if (this.versions.size <= CACHED_VERSIONS) return;
    const oldest = this.versions.keys().next();
    if (oldest.done !== true) this.versions.delete(oldest.value);
  }
}

function accepted(name: string, text: string, format: ProfileFormat): Accepted {
  if (Buffer.byteLength(text) > MAX_PROFILE_BYTES) {
    const limit = `${String(MAX_PROFILE_BYTES / 1024)} KiB`;
    throw new DomainError(413, 'too_large', `The profile is too large; at most ${limit} are accepted.`);
  }
  const compiled = compileProfile(text, format);
  if (compiled.kind === 'invalid') throw invalidProfile(compiled.errors);
  if (compiled.definition.name !== name) {
    const message = `The profile is named ${compiled.definition.name}, but it is published as ${name}.`;
    throw new DomainError(400, 'invalid_profile', message, { errors: [{ pointer: '/name', message }] });
  }
  return compiled;
}

/** 400 `invalid_profile`: every problem with its line. */
export function invalidProfile(errors: readonly LocatedProblem[]): DomainError {
  const located = errors.map((error) => ({
    pointer: error.path,
    message: `Line ${String(error.line)}, column ${String(error.column)}: ${error.message}`,
  }));
  const more = located.length > 1 ? ` (and ${String(located.length - 1)} more)` : '';
  const detail = `The profile is not valid. ${located[0]?.message ?? ''}${more}`;
  return new DomainError(400, 'invalid_profile', detail, { errors: located });
}
