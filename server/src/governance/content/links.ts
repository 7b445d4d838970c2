import { posix } from 'node:path';
import type { Located, MarkdownOutline } from './markdown.js';

/** The files and folders that a relative link may lead to. */
export type LinkTargets = ReadonlySet<string>;

/** Every path with the folders above it, relative and without a leading `./`. */
export function linkTargets(paths: Iterable<string>): LinkTargets {
  const targets = new Set<string>(['.']);
  for (const path of paths) {
    for (let at = posix.normalize(path); !targets.has(at) && at !== '/'; at = posix.dirname(at))
      targets.add(at);
  }
  return targets;
}

/**
 * The relative links and images of a document that lead nowhere. Links with a scheme, to another host or
 * within the document are not looked at; a link that starts with `/` counts from the root; query and
 * fragment are ignored.
 */
export function brokenLinks(
  from: string,
  outline: MarkdownOutline,
  targets: LinkTargets,
): readonly Located[] {
  return outline.links.filter(({ text }) => {
    const path = pathOfLink(from, text);
    return path !== null && !targets.has(path);
  });
}

/** The path a relative link leads to, from the root; null where it is not a relative link. */
export function pathOfLink(from: string, link: string): string | null {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#|\?|$)/i.test(link)) return null;
  const path = decode(link.replace(/[?#].*$/s, ''));
  const folder = path.startsWith('/') ? '.' : posix.dirname(posix.normalize(from));
  const target = posix.normalize(posix.join(folder, path));
  return target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A lone per cent sign is part of the name.
    if (error instanceof URIError) return text;
    throw error;
  }
}
