import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the package is, seen from the built file and from its source alike. */
const PACKAGE = join(import.meta.dirname, '../../package.json');

/** The version of this installation, as its package states it. */
export async function productVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8')) as { readonly version: string };
  return version;
}
