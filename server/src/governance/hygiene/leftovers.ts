import { isMarkdown, type Located, type MarkdownOutline } from '../content/markdown.js';

const DOCUMENT = /\.(txt|rst|adoc|asciidoc|tex)$/i;
const PLACEHOLDER = /\b(TBD|TODO|FIXME|[Ll]orem ipsum|LOREM IPSUM)\b/;

/** Lines that open (or, alone, close) an unresolved merge conflict. Seven `>` are a quotation in Markdown. */
export function conflictMarks(path: string, text: string): readonly Located[] {
  if (!text.includes('<<<<<<< ') && !text.includes('>>>>>>> ')) return [];
  const marks: Located[] = [];
  let open = false;
  text.split('\n').forEach((line, index) => {
    const closes = line.startsWith('>>>>>>> ');
    if (line.startsWith('<<<<<<< ') || (closes && !open && !isMarkdown(path))) {
      marks.push({ text: line.trimEnd().slice(0, 80), line: index + 1 });
    }
    open = line.startsWith('<<<<<<< ') || (open && !closes);
  });
  return marks;
}

/**
 * Placeholders in documents: `TBD`, `TODO`, `FIXME` in capitals, and "lorem ipsum". Of Markdown only
 * running text counts, not code; source code is not looked at, since a note to developers is no gap in a deliverable.
 */
export function placeholders(
  path: string,
  text: string,
  outline: MarkdownOutline | null,
): readonly Located[] {
  if (outline !== null) return outline.texts.flatMap(placeholderIn);
  if (!DOCUMENT.test(path)) return [];
  return text.split('\n').flatMap((line, index) => placeholderIn({ text: line, line: index + 1 }));
}

function placeholderIn({ text, line }: Located): readonly Located[] {
  const word = PLACEHOLDER.exec(text)?.[0];
  return word === undefined ? [] : [{ text: word, line }];
}

/** How many cells of a Jupyter notebook hold saved output. */
export function notebookOutputs(path: string, text: string): number {
  if (!/\.ipynb$/i.test(path)) return 0;
  // A quote within a JSON string is escaped, so that this finds keys only, also in a notebook that was cut.
  return text.match(/"outputs"\s*:\s*\[\s*\{/g)?.length ?? 0;
}
