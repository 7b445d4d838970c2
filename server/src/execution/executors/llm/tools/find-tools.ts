import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { z } from 'zod';
import { compilePattern, type LinearPattern } from '../../../../workflow/domain/pattern.js';
import { bounded, done, refused, type Tool } from './tool.js';
import { FileRefused, type WorkspaceFiles } from './workspace-files.js';

const MAX_ENTRIES = 1000;
const MAX_MATCHES = 200;
const MAX_SEARCHED_FILES = 5000;
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;
const MAX_LINE = 300;

const FOLDER = z.string().max(1000).optional().describe('A folder of the workspace; all of it where absent');
const listInput = z.object({ path: FOLDER });

/** Names the files below a folder. */
export const listFiles = (files: WorkspaceFiles): Tool<z.infer<typeof listInput>> => ({
  name: 'list_files',
  description: 'Lists the files of the workspace, without those of .git and node_modules.',
  input: listInput,
  run: async ({ path = '' }) => {
    const names = await namesBelow(files, path);
    if (names.length === 0) return done('There are no files.');
    const rest = names.length - MAX_ENTRIES;
    const shown = names.slice(0, MAX_ENTRIES).join('\n');
    return done(bounded(rest > 0 ? `${shown}\n… ${String(rest)} more` : shown));
  },
});

const searchInput = z.object({
  pattern: z.string().min(1).max(500).describe('A regular expression in RE2 syntax'),
  path: FOLDER,
});

/** Finds lines that fit a pattern, in time that grows with the text alone. */
export const search = (files: WorkspaceFiles): Tool<z.infer<typeof searchInput>> => ({
  name: 'search',
  description: 'Searches the text files of the workspace for lines that fit a regular expression.',
  input: searchInput,
  run: async ({ pattern, path = '' }, signal) => {
    const wanted = compiled(pattern);
    if (wanted === null) return refused('The pattern is no regular expression in RE2 syntax.');
    const matches: string[] = [];
    let left = MAX_SEARCHED_BYTES;
    for (const name of (await namesBelow(files, path)).slice(0, MAX_SEARCHED_FILES)) {
      if (matches.length >= MAX_MATCHES || left <= 0 || signal.aborted) break;
      const text = await textOf(files, name);
      left -= text.length;
      for (const [index, line] of text.split('\n').entries()) {
        if (matches.length >= MAX_MATCHES || !wanted.test(line)) continue;
        matches.push(`${name}:${String(index + 1)}: ${line.slice(0, MAX_LINE)}`);
      }
    }
    return done(matches.length === 0 ? 'Nothing fits.' : bounded(matches.join('\n')));
  },
});

async function namesBelow(files: WorkspaceFiles, given: string): Promise<string[]> {
  const path = await files.path(given);
  const names = await glob('**/*', {
    ...{ cwd: join(files.root, path), dot: true, onlyFiles: true, followSymbolicLinks: false },
    ...{ expandDirectories: false, ignore: ['**/.git/**', '**/node_modules/**'] },
  });
  return names.map((name) => (path === '' ? name : `${path}/${name}`)).sort();
}

function compiled(pattern: string): LinearPattern | null {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Nothing where it is no text, too large, or a link. */
async function textOf(files: WorkspaceFiles, name: string): Promise<string> {
  try {
    const bytes = await files.read(name);
    return bytes.subarray(0, 8000).includes(0) ? '' : bytes.toString('utf8');
  } catch (error) {
    if (error instanceof FileRefused) return '';
    throw error;
  }
}
