/** What a ZIP archive says about one of its entries. */
export interface ZipEntry {
  readonly fileName: string;
  readonly uncompressedSize: number;
  readonly externalFileAttributes: number;
  readonly isEncrypted: boolean;
}

export interface ZipLimits {
  readonly entries: number;
  /** Of all files together, unpacked, bytes. */
  readonly bytes: number;
}

export type EntryKind = 'folder' | 'file' | 'executable';

const NAME_BYTES = 255;
const DEPTH = 100;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const REGULAR = 0o100000;
/** Names under which Git, on some file system, would find the repository's own settings. */
const GIT_FOLDER = /^(?:\.git|git~\d+)[. ]*$/i;

/** What an entry is, or the sentence that says why the archive is refused. */
export function judgeEntry(entry: ZipEntry): { readonly kind: EntryKind } | { readonly refused: string } {
  const shown = JSON.stringify(entry.fileName.slice(0, 200));
  const isFolder = entry.fileName.endsWith('/');
  const names = (isFolder ? entry.fileName.slice(0, -1) : entry.fileName).split('/');
  if (names.length > DEPTH || names.some((name) => !isName(name))) {
    return { refused: `The entry ${shown} is no relative path to a file.` };
  }
  if (names.some((name) => GIT_FOLDER.test(name))) {
    return { refused: `The entry ${shown} lies in a Git folder; leave .git out of the archive.` };
  }
  if (entry.isEncrypted) return { refused: `The entry ${shown} is encrypted.` };
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (type === SYMLINK) return { refused: `The entry ${shown} is a symbolic link; leave links out.` };
  if (isFolder) return { kind: 'folder' };
  if (type !== 0 && type !== REGULAR) return { refused: `The entry ${shown} is no regular file.` };
  return { kind: (mode & 0o111) === 0 ? 'file' : 'executable' };
}

const isName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  Buffer.byteLength(name) <= NAME_BYTES &&
  !/[\u0000-\u001f\u007f\\:]/.test(name);
