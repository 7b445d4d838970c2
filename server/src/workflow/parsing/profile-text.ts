import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
} from 'yaml';
import { pointerSegments, type ProfileProblem } from '../domain/profile-problem.js';
import { contentProblems } from './content-problems.js';

export type ProfileFormat = 'yaml' | 'json';

/** A problem of a profile with its place in the text, both from 1. */
export interface LocatedProblem extends ProfileProblem {
  readonly line: number;
  readonly column: number;
}

export type ParsedText =
  | { readonly kind: 'value'; readonly value: unknown; locate(problem: ProfileProblem): LocatedProblem }
  | { readonly kind: 'malformed'; readonly errors: readonly LocatedProblem[] };

/** Longest text of a profile, in bytes of UTF-8. */
export const MAX_PROFILE_BYTES = 512 * 1024;

const MAX_ERRORS = 20;
const MAX_ALIASES = 100;

/**
 * Reads the text of a profile. JSON is read by the same reader, after a check that it is JSON, so that
 * errors of both have lines. Duplicate keys, custom tags, several documents, other YAML versions and
 * aliases that multiply are refused.
 */
export function parseProfileText(text: string, format: ProfileFormat): ParsedText {
  if (Buffer.byteLength(text) > MAX_PROFILE_BYTES) {
    return malformed([at(1, 1, `The profile is larger than ${String(MAX_PROFILE_BYTES / 1024)} KiB.`)]);
  }
  if (text.includes('\0')) return malformed([at(1, 1, 'A text must not contain the NUL character.')]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    version: '1.2',
    logLevel: 'error',
  });
  const errors = syntaxErrors(document, lines);
  if (errors.length > 0) return malformed(errors);
  const notJson = format === 'json' ? jsonError(text) : null;
  if (notJson !== null) return malformed([notJson]);
  return toValue(document, lines);
}

const malformed = (errors: readonly LocatedProblem[]): ParsedText => ({
  kind: 'malformed',
  errors: errors.slice(0, MAX_ERRORS),
});

const at = (line: number, column: number, message: string, path = ''): LocatedProblem => ({
  path,
  message,
  line,
  column,
});

function syntaxErrors(document: Document.Parsed, lines: LineCounter): LocatedProblem[] {
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== '1.2')
    return [at(1, 1, 'Only YAML 1.2 is read; remove the %YAML line.')];
  const errors = [...document.errors, ...document.warnings];
  const placed = errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return at(Math.max(line, 1), Math.max(col, 1), `${error.message}.`);
  });
  const deep = errors.findLastIndex((error) => error.code === 'RESOURCE_EXHAUSTION');
  return placed[deep] === undefined ? placed : [{ ...placed[deep], message: 'Nested too deeply.' }];
}

/** Where and that a text is not JSON; null where it is. */
function jsonError(text: string): LocatedProblem | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine ends its message with line and column where it knows them.
    const place = /line (\d+) column (\d+)/.exec(error.message);
    return at(Number(place?.[1] ?? 1), Number(place?.[2] ?? 1), 'This is not JSON.');
  }
}

function toValue(document: Document.Parsed, lines: LineCounter): ParsedText {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // Unresolved or multiplying aliases are reported as a ReferenceError.
    if (error instanceof ReferenceError) return malformed([at(1, 1, `${error.message}.`)]);
    throw error;
  }
  const locate = (problem: ProfileProblem): LocatedProblem => locateIn(document, lines, problem);
  const problems = contentProblems(value);
  if (problems.length > 0) return malformed(problems.map(locate));
  return { kind: 'value', value, locate };
}

/** The place of the deepest node on the path that is written in the text: of the key, where it has one. */
function locateIn(document: Document.Parsed, lines: LineCounter, problem: ProfileProblem): LocatedProblem {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const segment of pointerSegments(problem.path)) {
    const step = childOf(document, node, segment);
    if (step === null) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  const { line, col } = lines.linePos(offset);
  return { ...problem, line: Math.max(line, 1), column: Math.max(col, 1) };
}

interface Child {
  readonly offset: number | null;
  readonly value: unknown;
}

function childOf(document: Document.Parsed, parent: unknown, segment: string): Child | null {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (!isCollection(node)) return null;
  if (isSeq(node)) {
    const item: unknown = node.items[Number(segment)];
    return item === undefined ? null : { offset: startOf(item), value: item };
  }
  const pair = isMap(node)
    ? node.items.find((item) => isPair(item) && keyText(item.key) === segment)
    : undefined;
  return pair === undefined ? null : { offset: startOf(pair.key), value: pair.value };
}

const keyText = (key: unknown): string =>
  typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : String(key);

const startOf = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);
