import MarkdownIt, { type Token } from 'markdown-it';
import { withinTime } from './within-time.js';

/** What gates and hygiene look at in a Markdown document. Lines count from 1. */
export interface MarkdownOutline {
  readonly headings: readonly Located[];
  /** Destinations of links and images as written, except those to footnotes. */
  readonly links: readonly Located[];
  /** Running text, without code and HTML. */
  readonly texts: readonly Located[];
}

export interface Located {
  readonly text: string;
  readonly line: number;
}

const PARSE_MS = 3000;

const markdown = new MarkdownIt('commonmark', { html: true }).enable('table');
// Destinations stay as written: they are looked up, never rendered.
markdown.normalizeLink = (url) => url;
markdown.validateLink = () => true;

export const isMarkdown = (path: string): boolean => /\.(md|markdown)$/i.test(path);

/** Reads the outline of a CommonMark document; null where it takes longer than three seconds. */
export function outlineOf(text: string): MarkdownOutline | null {
  const parsed = withinTime(PARSE_MS, () => collect(markdown.parse(text, {})));
  return parsed.kind === 'done' ? parsed.value : null;
}

function collect(tokens: readonly Token[]): MarkdownOutline {
  const headings: Located[] = [];
  const links: Located[] = [];
  const texts: Located[] = [];
  let line = 1;
  tokens.forEach((token, index) => {
    if (token.map) line = token.map[0] + 1;
    if (token.type !== 'inline') return;
    const children = token.children ?? [];
    if (tokens[index - 1]?.type === 'heading_open') headings.push({ text: plainText(children), line });
    collectInline(children, line, links, texts);
  });
  return { headings, links, texts };
}

function collectInline(children: readonly Token[], from: number, links: Located[], texts: Located[]): void {
  let line = from;
  children.forEach((token, index) => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    else if (token.type === 'text') texts.push({ text: token.content, line });
    else if (token.type === 'image') links.push({ text: attribute(token, 'src'), line });
    else if (token.type === 'link_open' && !isFootnote(children[index + 1])) {
      links.push({ text: attribute(token, 'href'), line });
    }
  });
}

/** `[^1]: word` reads as a link definition in CommonMark; it is a footnote to everyone who writes it. */
const isFootnote = (label: Token | undefined): boolean => label?.content.startsWith('^') ?? false;

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? '');

const plainText = (children: readonly Token[]): string =>
  children
    .filter((token) => token.type === 'text' || token.type === 'code_inline')
    .map((token) => token.content)
    .join('')
    .trim();
