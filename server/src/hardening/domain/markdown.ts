/** Text that stands in Markdown as itself: one line, without markup, links or HTML. */
export function plain(text: string): string {
  const oneLine = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return oneLine.replace(/[\\`*_{}[\]<>#|~!]/gu, '\\$&').trim();
}

/** A path or command as inline code, whatever characters it has. */
export function code(text: string): string {
  const oneLine = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    '\ufffd',
  );
  const safe = oneLine.replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${safe === '' ? ' ' : safe}${pad}${fence}`;
}

/** Several lines of foreign text as a code block that they cannot end. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // Control characters (colours of terminals) are left out; line ends and tabs stay.
  const clean = text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/gu, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/gu, '');
  return `${fence}text\n${clean.trimEnd()}\n${fence}`;
}

/** A table; cells are Markdown already. Without rows: nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Blocks of a document with an empty line between them; empty ones are left out. */
export const document = (...blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;

/** A share from 0 to 1 as a percentage; null is "not measured". */
export const percent = (share: number | null): string =>
  share === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
