import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { DomainError } from '../problems/domain-error.js';
import { MAX_PROFILE_BYTES, type ProfileFormat } from './parsing/profile-text.js';
import { compileProfile } from './profile-compiler.js';
import type { ProfileOrigin } from './profile-version.entity.js';
import { ProfilesRepository } from './profiles.repository.js';
import { invalidProfile, WorkflowService, type ProfileText } from './workflow.service.js';

const BUILTIN_DIR = join(import.meta.dirname, 'profiles');
const FORMATS: Readonly<Record<string, ProfileFormat>> = { yaml: 'yaml', yml: 'yaml', json: 'json' };

interface ProfileFile {
  readonly file: string;
  readonly text: string;
  readonly format: ProfileFormat;
}

/**
 * Publishes the built-in profiles and the files of PROFILES_DIR when a process starts. A file that has not
 * changed since it was last published from there is left alone, so that a version published over the API stays
 * the newest, and any number of processes may start at once.
 */
@Injectable()
export class ProfileSeeder implements OnModuleInit {
  private readonly logger = new Logger(ProfileSeeder.name);

  constructor(
    private readonly config: AppConfig,
    private readonly profiles: ProfilesRepository,
    private readonly workflow: WorkflowService,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.publishFolder(BUILTIN_DIR, 'builtin');
    const { profilesDir } = this.config;
    if (profilesDir !== null) await this.publishFolder(profilesDir, 'file');
  }

  private async publishFolder(folder: string, origin: ProfileOrigin): Promise<void> {
    const files = await this.readFolder(folder);
    const newest = await this.profiles.newestOf(origin);
    const published = new Map(newest.map(({ source, name }) => [source, name]));
    const fileOf = new Map<string, string>();
    for (const file of files) {
      const compiled = published.has(file.text) ? null : this.compile(file);
      const name = published.get(file.text) ?? compiled?.definition.name;
      if (name === undefined) continue;
      const other = fileOf.get(name);
      if (other !== undefined) this.skip(file.file, `${other} has the profile ${name} already`);
      else if (compiled !== null) await this.publish(file.file, compiled, origin);
      fileOf.set(name, other ?? file.file);
    }
  }

  private async publish(file: string, compiled: ProfileText, origin: ProfileOrigin): Promise<void> {
    const { created, name, version } = await this.workflow.publishCompiled(compiled, null, origin);
    if (created) this.logger.log(`${file}: published ${name} version ${String(version)}`);
  }

  private skip(file: string, reason: string): void {
    this.logger.warn(`Profile file ${file} is skipped: ${reason}`);
  }

  /** What a file defines; null, and a line in the log, where it holds no valid profile. */
  private compile({ file, text, format }: ProfileFile): ProfileText | null {
    const compiled = compileProfile(text, format);
    if (compiled.kind === 'valid') return { ...compiled, text, format };
    this.skip(file, invalidProfile(compiled.errors).message);
    return null;
  }

  private async readFolder(folder: string): Promise<ProfileFile[]> {
    const names = await this.listFolder(folder);
    const files = await Promise.all(names.map((file) => this.readProfile(folder, file)));
    return files.filter((file) => file !== null);
  }

  private async listFolder(folder: string): Promise<string[]> {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      // A folder that is missing or closed is the operator's to repair; the product runs without it.
      this.logger.error(`PROFILES_DIR cannot be read: ${reasonOf(error)}`);
      return [];
    }
  }

  /** null where the file is no profile; one that cannot be read is logged and must not keep the others back. */
  private async readProfile(folder: string, file: string): Promise<ProfileFile | null> {
    const format = FORMATS[/\.([a-z]+)$/.exec(file)?.[1] ?? ''];
    if (format === undefined) return null;
    try {
      return { file, text: await readBounded(join(folder, file)), format };
    } catch (error) {
      this.skip(file, reasonOf(error));
      return null;
    }
  }
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_PROFILE_BYTES) {
    throw new DomainError(413, 'too_large', `It is larger than ${String(MAX_PROFILE_BYTES / 1024)} KiB.`);
  }
  return readFile(path, 'utf8');
}

/**
 * The code of a file error, or the sentence of a refused file; never a path of the server.
 * @throws the error itself where it is neither
 */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  throw error;
}
