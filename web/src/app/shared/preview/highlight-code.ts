import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const LANGUAGES = {
  bash,
  css,
  diff,
  go,
  ini,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** Extensions that no language registers for itself. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  sarif: 'json',
  jsonl: 'json',
  ndjson: 'json',
  toml: 'ini',
  svg: 'xml',
  scss: 'css',
};

/** Highlighting takes time that grows with the text: beyond this many characters the text stays plain. */
const HIGHLIGHT_LIMIT = 200_000;

/** HTML of a source text: everything in it is escaped, only highlight spans are added. */
export function highlightCode(source: string, name: string): string {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  const language = EXTENSIONS[extension] ?? extension;
  if (hljs.getLanguage(language) === undefined || source.length > HIGHLIGHT_LIMIT) return escape(source);
  return hljs.highlight(source, { language, ignoreIllegals: true }).value;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
