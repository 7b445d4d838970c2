import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const marked = new Marked({ gfm: true, async: false });

const FORBIDDEN = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'iframe'],
  FORBID_ATTR: ['style', 'id', 'name'],
};

/** Where a document's neighbours are found: each answers an address, or null where there is no such file. */
export interface Neighbours {
  readonly picture: (path: string) => string | null;
  readonly page: (path: string) => string | null;
}

const ALONE: Neighbours = { picture: () => null, page: () => null };

/** Markdown to HTML that is safe to put into the page: no scripts, forms, frames, styles or requests elsewhere. */
export function renderMarkdown(source: string, neighbours: Neighbours = ALONE): string {
  const purify = DOMPurify(window);
  purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName === 'IMG') showPicture(node, neighbours);
    if (node.tagName === 'A') followLink(node, neighbours);
  });
  const html = marked.parse(source, { async: false });
  return purify.sanitize(html, { ...FORBIDDEN, USE_PROFILES: { html: true } });
}

/** Pictures from elsewhere would tell their server who reads this: only those of the document are shown. */
function showPicture(node: Element, { picture }: Neighbours): void {
  const source = node.getAttribute('src') ?? '';
  node.removeAttribute('srcset');
  if (/^data:image\//.test(source)) return;
  const own = isRelative(source) ? picture(source) : null;
  if (own === null) node.replaceWith(`[image: ${node.getAttribute('alt') ?? ''}]`);
  else node.setAttribute('src', own);
}

/** Links open without a way back to the console. */
function followLink(node: Element, { page }: Neighbours): void {
  const target = node.getAttribute('href') ?? '';
  const own = isRelative(target) ? page(target) : null;
  if (own !== null) node.setAttribute('href', own);
  else if (!/^https?:/.test(target)) node.removeAttribute('href');
  node.setAttribute('rel', 'noopener noreferrer');
  node.setAttribute('target', '_blank');
}

const isRelative = (address: string): boolean =>
  address !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[/\\#?]/.test(address);
