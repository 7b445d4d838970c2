import { DomainError } from '../../problems/domain-error.js';

/** Longest path of an artifact, in bytes of UTF-8. */
export const MAX_PATH_BYTES = 512;

// Control characters forge log lines and headers; the bidirectional overrides and isolates show a name as
// another one (`exe.md` for `dm.exe`). Letters of right-to-left scripts and joined emoji need neither.
const FORBIDDEN_CHARACTER = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const DRIVE = /^[a-z]:/iu;
// Windows opens the device whatever extension follows.
const DEVICE_NAME = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/iu;

/**
 * The one spelling of an artifact's path: relative, `/` between names, Unicode NFC, at most 512 bytes.
 * A backslash separates names too, so that a path means the same on every system.
 * @throws DomainError `invalid_path` (400) for anything that is absolute, leaves its folder, names a Windows
 *   device, holds control or direction-changing characters, is empty or too long
 */
export function normaliseArtifactPath(path: string): string {
  if (!path.isWellFormed()) throw invalidPath(path, 'is not valid Unicode');
  if (FORBIDDEN_CHARACTER.test(path))
    throw invalidPath(path, 'holds a control or direction-changing character');
  const slashed = path.normalize('NFC').replaceAll('\\', '/');
  if (slashed.startsWith('/') || DRIVE.test(slashed))
    throw invalidPath(path, 'is absolute; give a relative path');
  const names = slashed.split('/').filter((name) => name !== '' && name !== '.');
  if (names.length === 0) throw invalidPath(path, 'names no file');
  for (const name of names) checkName(path, name);
  const normalised = names.join('/');
  if (byteLength(normalised) > MAX_PATH_BYTES)
    throw invalidPath(path, `is longer than ${String(MAX_PATH_BYTES)} bytes`);
  return normalised;
}

function checkName(path: string, name: string): void {
  if (name === '..') throw invalidPath(path, 'leaves its folder with ".."');
  if (DEVICE_NAME.test(name.trimEnd()))
    throw invalidPath(path, `uses the device name ${JSON.stringify(name)}`);
}

/** The last name of a normalised path. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function invalidPath(path: string, why: string): DomainError {
  return new DomainError(400, 'invalid_path', `The artifact path ${quoted(path)} ${why}.`, {
    errors: [{ pointer: '/path', message: why }],
  });
}

/** Printable and short, since it goes into an answer. */
function quoted(path: string): string {
  const short = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  const escape = (character: string): string =>
    `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(short.toWellFormed()).replaceAll(new RegExp(FORBIDDEN_CHARACTER, 'gu'), escape);
}
