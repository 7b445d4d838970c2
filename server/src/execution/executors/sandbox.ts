import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { isInside } from '../workspace/repository-source.js';
import type { StepContext } from './executor.js';

/** What others left there, and the sockets by which programs of the machine do things for whoever asks. */
const ALWAYS_HIDDEN = ['/tmp', '/run'];

/** Whether commands run with the rights of the server, or in a bubblewrap sandbox. */
export type SandboxSetting =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'bubblewrap';
      /** Folders and files that steps do not see, such as the data folder of the server. */
      readonly hide: readonly string[];
    };

/** Limits of each process of a step; null for none. */
export interface ProcessLimits {
  readonly fileBytes: number | null;
  /** Processes of the server's user in all; the kernel does not apply it to root. */
  readonly processes: number | null;
  readonly cpuSeconds: number | null;
}

export interface SandboxFolders {
  readonly temporary: string;
  /** Folders inside the hidden ones that the step's tools are in. */
  readonly readOnly: readonly string[];
}

/** The words before a command that set its limits; null where the program prlimit is missing. */
export async function limitPrefix(limits: ProcessLimits, path: string): Promise<string[] | null> {
  const options = [
    ...(limits.fileBytes === null ? [] : [`--fsize=${limits.fileBytes}`]),
    ...(limits.processes === null ? [] : [`--nproc=${limits.processes}`]),
    ...(limits.cpuSeconds === null ? [] : [`--cpu=${limits.cpuSeconds}`]),
  ];
  if (options.length === 0) return [];
  const program = await findProgram('prlimit', path);
  return program === null ? null : [program, ...options, '--'];
}

/**
 * The words before a command that put it in a sandbox: a read-only machine without network, where only the
 * workspace, the exchange folder and the temporary folder can be written. Null where bwrap is missing.
 */
export async function sandboxPrefix(
  setting: Extract<SandboxSetting, { kind: 'bubblewrap' }>,
  context: StepContext,
  folders: SandboxFolders,
  path: string,
): Promise<string[] | null> {
  const program = await findProgram('bwrap', path);
  if (program === null) return null;
  const writable = [context.workspace, context.exchange, folders.temporary];
  const hidden = [...ALWAYS_HIDDEN, ...setting.hide];
  const tools = [...folders.readOnly, ...path.split(delimiter).filter(isAbsolute)];
  // The whole machine can be read: only what lies in a hidden folder is brought back, and never such a folder itself.
  const readOnly = [...tools, ...(await borrowedObjects(context.workspace))].filter((folder) =>
    hidden.some((cover) => cover !== folder && isInside(folder, cover)),
  );
  const mounts = [
    ...(await Promise.all(hidden.map(coverOf))).flat(),
    ...readOnly.map((folder): Mount => ({ at: folder, argv: ['--ro-bind-try', folder, folder] })),
    ...writable.map((folder): Mount => ({ at: folder, argv: ['--bind', folder, folder] })),
  ];
  return [
    program,
    ...['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    // From the outside to the inside: what is mounted over a folder hides what was mounted within it.
    ...mounts.sort((a, b) => a.at.length - b.at.length).flatMap(({ argv }) => argv),
    ...['--chdir', context.workspace, '--'],
  ];
}

interface Mount {
  readonly at: string;
  readonly argv: readonly string[];
}

/** What is not there needs no cover, and nothing could be mounted on it. */
async function coverOf(path: string): Promise<Mount[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  return [{ at: path, argv: found.isDirectory() ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path] }];
}

/** The first executable of that name on a search path; null where there is none. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return null;
}

/** The run's repository, whose objects a work tree reads; asked before the step can change the answer. */
async function borrowedObjects(workspace: string): Promise<string[]> {
  const alternates = await readFile(join(workspace, '.git/objects/info/alternates'), 'utf8').catch(() => '');
  return alternates.split('\n').filter(isAbsolute);
}
