import { link, rm, writeFile } from 'node:fs/promises';

/**
 * Creates a file (mode 0600) with its content in one step: no other process ever sees it empty.
 * @returns false where the file exists already; it is left as it is then
 */
export async function createExclusively(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${String(process.pid)}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
