import { isForeign, isGenerated, isReading, isSample } from '../../domain/paths.js';
import { languageOf } from '../../discovery/languages.js';
import type { Repository, RepositoryFile } from '../../repository.js';
import type { FileChange, LeftAlone, Proposal, Remedy } from '../remedy.js';

const MAX_FILES = 500;
const MAX_BYTES = 1024 * 1024;
const ALSO = new Set(['Markdown', 'YAML', 'TOML', 'JSON', 'CSS', 'SCSS', 'Less']);

/** Ends source files with a line end where it is missing. */
export const finalNewline: Remedy = {
  id: 'final_newline',
  title: 'End source files with a line end',
  reason:
    'Tools that join or append to files, and every review that shows "No newline at end of file", expect it. ' +
    'Only source, style and structured text is touched: never test data, templates or vendored files.',
  propose,
};

async function propose(repository: Repository): Promise<Proposal> {
  const changes: FileChange[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const file of repository.files) {
    const text = isCandidate(file) ? await repository.readText(file, MAX_BYTES) : null;
    if (text === null || text === '' || text.endsWith('\n') || text.endsWith('\r')) continue;
    if (changes.length >= MAX_FILES)
      leftAlone.push({ path: file.path, reason: `more than ${MAX_FILES} files` });
    else changes.push({ path: file.path, content: `${text}${text.includes('\r\n') ? '\r\n' : '\n'}` });
  }
  return { changes, leftAlone };
}

function isCandidate({ kind, path }: RepositoryFile): boolean {
  if (kind !== 'file' || isForeign(path) || isGenerated(path) || isSample(path) || isReading(path))
    return false;
  const language = languageOf(path, '');
  return language !== null && (language.kind === 'programming' || ALSO.has(language.name));
}
