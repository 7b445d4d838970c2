import * as linguist from 'linguist-languages';
import { baseName } from '../domain/paths.js';

export type LanguageKind = 'programming' | 'markup' | 'data' | 'prose';

export interface Language {
  readonly name: string;
  readonly kind: LanguageKind;
}

interface Entry {
  readonly name: string;
  readonly type: LanguageKind;
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
  readonly interpreters?: readonly string[];
}

const ENTRIES: readonly Entry[] = Object.values(linguist);

/** For extensions that several languages share: the one most files with it are in. */
const USUAL: Readonly<Record<string, string>> = {
  '.cs': 'C#',
  '.d': 'D',
  '.frag': 'GLSL',
  '.h': 'C',
  '.html': 'HTML',
  '.inc': 'PHP',
  '.json': 'JSON',
  '.l': 'Lex',
  '.m': 'Objective-C',
  '.md': 'Markdown',
  '.ml': 'OCaml',
  '.mm': 'Objective-C++',
  '.php': 'PHP',
  '.pl': 'Perl',
  '.pro': 'QMake',
  '.properties': 'Java Properties',
  '.r': 'R',
  '.rs': 'Rust',
  '.s': 'Assembly',
  '.sol': 'Solidity',
  '.sql': 'SQL',
  '.t': 'Perl',
  '.tex': 'TeX',
  '.ts': 'TypeScript',
  '.tsx': 'TSX',
  '.txt': 'Text',
  '.v': 'Verilog',
  '.vue': 'Vue',
  '.x': 'Logos',
  '.yaml': 'YAML',
  '.yml': 'YAML',
  '.xml': 'XML',
  '.asm': 'Assembly',
  '.fs': 'F#',
  '.lisp': 'Common Lisp',
  '.cls': 'TeX',
  '.b': 'Brainfuck',
  '.f': 'Fortran',
  '.for': 'Fortran',
  '.gd': 'GDScript',
  '.ex': 'Elixir',
  '.j': 'Jasmin',
  '.mod': 'Modula-2',
  '.nl': 'NL',
  '.as': 'ActionScript',
  '.bb': 'BitBake',
  '.cl': 'OpenCL',
  '.e': 'Eiffel',
  '.g': 'GAP',
  '.hh': 'C++',
  '.moo': 'Moocode',
  '.q': 'q',
  '.sc': 'Scala',
  '.st': 'Smalltalk',
  '.svg': 'SVG',
  '.tf': 'HCL',
  '.scm': 'Scheme',
  '.res': 'ReScript',
  '.bat': 'Batchfile',
};

const byExtension = new Map<string, Language>();
const byName = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();

for (const entry of ENTRIES) {
  const language = { name: entry.name, kind: entry.type };
  for (const ext of entry.extensions ?? [])
    addExtension(ext.toLowerCase(), language, entry.extensions?.[0] === ext);
  for (const name of entry.filenames ?? []) if (!byName.has(name)) byName.set(name, language);
  for (const name of entry.interpreters ?? [])
    if (!byInterpreter.has(name)) byInterpreter.set(name, language);
}
for (const [name, language] of [
  ['node', 'JavaScript'],
  ['sh', 'Shell'],
  ['python3', 'Python'],
  ['python', 'Python'],
  ['perl', 'Perl'],
] as const) {
  byInterpreter.set(name, { name: language, kind: 'programming' });
}

/** The usual language of an extension, else the one it comes first in, else the first that has it. */
function addExtension(ext: string, language: Language, primary: boolean): void {
  const usual = USUAL[ext];
  if (usual !== undefined ? usual === language.name : primary || !byExtension.has(ext)) {
    byExtension.set(ext, language);
  }
}

/**
 * The language of a file by GitHub's Linguist data: file name, longest known extension, or interpreter of
 * the `#!` line. null where none of them is known.
 */
export function languageOf(path: string, firstLine: string): Language | null {
  const name = baseName(path);
  const named = byName.get(name);
  if (named) return named;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const language = byExtension.get(name.slice(dot).toLowerCase());
    if (language && (dot > 0 || name.length > 1)) return language;
  }
  const interpreter = /^#!\s*\S*?(?:env\s+(?:-\S+\s+)*)?([\w.+-]+)(?:\s|$)/u.exec(firstLine)?.[1];
  return interpreter === undefined
    ? null
    : (byInterpreter.get(interpreter.replace(/[\d.]+$/u, '')) ?? byInterpreter.get(interpreter) ?? null);
}
