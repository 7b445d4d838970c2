import mime from 'mime-types';
import { fileName } from './safe-path.js';

/** How many bytes of a content's start are looked at. */
export const SNIFF_BYTES = 8192;

const TEXT_APPLICATIONS =
  /^application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript|ecmascript|sql|x-sh|x-httpd-php|graphql)$/u;
// Source files whose extension the registry gives to something binary (.ts is a video there).
const SOURCE_EXTENSIONS: Readonly<Record<string, string>> = {
  ts: 'text/plain',
  tsx: 'text/plain',
  mts: 'text/plain',
  cts: 'text/plain',
  sarif: 'application/json',
  ipynb: 'application/json',
  patch: 'text/x-diff',
  diff: 'text/x-diff',
};

/**
 * Media type of a content, without parameters: by the name's extension where the content's start agrees
 * with it, else `text/plain` or `application/octet-stream` by what the bytes are.
 * @param head the first bytes, at most SNIFF_BYTES
 */
export function mediaTypeOf(path: string, head: Uint8Array): string {
  const text = isText(head);
  const name = fileName(path);
  const known = SOURCE_EXTENSIONS[extensionOf(name)] ?? mime.lookup(name);
  if (known === false) return text ? 'text/plain' : 'application/octet-stream';
  return isTextual(known) && !text ? 'application/octet-stream' : known;
}

/** A content of this type is characters, in UTF-8 as far as is known. */
export const isTextual = (mediaType: string): boolean =>
  mediaType.startsWith('text/') || mediaType === 'image/svg+xml' || TEXT_APPLICATIONS.test(mediaType);

/** UTF-8 without NUL; a character cut at the end of a full head does not count against it. */
export function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= SNIFF_BYTES });
    return true;
  } catch {
    // A fatal decoder throws for one reason only: the bytes are not UTF-8.
    return false;
  }
}

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();
