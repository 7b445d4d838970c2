import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const marked = new Marked({ gfm: true, async: false });
const purify = DOMPurify(window);

const FORBIDDEN = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'iframe'],
  FORBID_ATTR: ['style', 'id', 'name'],
};

// Pictures from elsewhere would tell their server who reads this; links open without a way back to the console.
purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'IMG' && !/^data:image\//.test(node.getAttribute('src') ?? '')) {
    node.replaceWith(`[image: ${node.getAttribute('alt') ?? ''}]`);
  }
  if (node.tagName === 'A') {
    const external = /^https?:/.test(node.getAttribute('href') ?? '');
    if (!external) node.removeAttribute('href');
    node.setAttribute('rel', 'noopener noreferrer');
    node.setAttribute('target', '_blank');
  }
});

/** Markdown to HTML that is safe to put into the page: no scripts, forms, frames, styles or requests elsewhere. */
export function renderMarkdown(source: string): string {
  const html = marked.parse(source, { async: false });
  return purify.sanitize(html, { ...FORBIDDEN, USE_PROFILES: { html: true } });
}
