/** Files that are empty on purpose. */
const KNOWN_EMPTY = /(^|\/)(__init__\.py|py\.typed|\.gitkeep|\.keep|\.nojekyll|\.gitmodules)$/;

export const isKnownEmpty = (path: string): boolean => KNOWN_EMPTY.test(path);

/** Files that rightly lie in several folders with the same content. */
const KNOWN_COPY = /(^|\/)(licen[cs]e|copying|notice)[^/]*$|(^|\/)\.[^/]+$|(^|\/)(py\.typed|__init__\.py)$/i;

export const isKnownCopy = (path: string): boolean => KNOWN_COPY.test(path);

const ORPHAN_FOLDERS = new Set([
  'node_modules',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
]);

const ORPHAN_FILES: readonly { readonly name: RegExp; readonly reason: string }[] = [
  { name: /\.(orig|rej)$/i, reason: 'Left over by a merge or a patch.' },
  { name: /\.(bak|swp|swo|tmp)$|~$/i, reason: 'A backup or temporary file of an editor.' },
  { name: /^(\.DS_Store|Thumbs\.db|desktop\.ini)$/i, reason: 'Made by a file manager.' },
  { name: /\.(pyc|pyo|class|o|obj)$/, reason: 'Compiled; it can be made again from its source.' },
  { name: /^(npm-debug|yarn-error|yarn-debug)\.log/, reason: 'The log of a tool that failed.' },
];

/**
 * Whether a file is an orphan: nothing that anyone made or needs. Files in a folder that should not be there
 * as a whole are one orphan, named by the folder.
 */
export function orphanIn(path: string): { readonly path: string; readonly reason: string } | null {
  const parts = path.split('/');
  const folder = parts.findIndex((part, index) => index < parts.length - 1 && ORPHAN_FOLDERS.has(part));
  if (folder !== -1) {
    return {
      path: `${parts.slice(0, folder + 1).join('/')}/`,
      reason: 'A folder of installed or cached files.',
    };
  }
  const name = parts.at(-1) ?? '';
  const reason = ORPHAN_FILES.find((orphan) => orphan.name.test(name))?.reason;
  return reason === undefined ? null : { path, reason };
}
