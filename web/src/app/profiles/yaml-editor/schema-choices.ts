import type { YamlPlace } from './yaml-place';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Something that may stand at a place of a document. */
export interface Choice {
  readonly label: string;
  /** What is written for it. */
  readonly text: string;
  readonly kind: 'key' | 'value';
  /** In a word: what kind of value follows, or that the key has to be there. */
  readonly detail: string;
  /** What the schema says of it; empty where it says nothing. */
  readonly about: string;
  readonly required: boolean;
  /** Whether its value may be chosen in turn. */
  readonly goesOn: boolean;
}

/** How deep references and alternatives are followed: the schema refers to itself in `not`. */
const DEPTH = 8;
const NO_SCHEMA: readonly JsonSchema[] = [];

/** What a JSON Schema lets stand at a place; empty where it does not say. */
export function choicesAt(schema: JsonSchema, place: YamlPlace): readonly Choice[] {
  const found = schemasAt(schema, place.path);
  if (place.kind === 'value') return valuesOf(found, place);
  const keys = keysOf(schema, found, place);
  return place.kind === 'item' && keys.length === 0 ? valuesOf(found, place) : keys;
}

function schemasAt(root: JsonSchema, path: readonly (string | null)[]): readonly JsonSchema[] {
  let found = variants(root, root);
  for (const part of path)
    found = found.flatMap((node) =>
      variants(
        root,
        part === null ? node['items'] : (propertiesOf(node)[part] ?? node['additionalProperties']),
      ),
    );
  return found;
}

/** A schema and all that it refers to, offers as alternatives or asks for under a condition. */
function variants(root: JsonSchema, node: unknown, depth = 0): readonly JsonSchema[] {
  if (!isSchema(node) || depth > DEPTH) return NO_SCHEMA;
  const reference = node['$ref'];
  const others = [
    ...(typeof reference === 'string' ? [referred(root, reference)] : []),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => listOf(node[key])),
    node['then'],
    node['else'],
  ];
  return [node, ...others.flatMap((other) => variants(root, other, depth + 1))];
}

function referred(root: JsonSchema, reference: string): unknown {
  let node: unknown = root;
  for (const part of reference.replace(/^#\//, '').split('/')) node = isSchema(node) ? node[part] : undefined;
  return node;
}

function keysOf(root: JsonSchema, found: readonly JsonSchema[], place: YamlPlace): readonly Choice[] {
  const required = new Set(found.flatMap((node) => (node['properties'] ? listOf(node['required']) : [])));
  const left = new Set([...place.taken, ...found.flatMap((node) => ruledOut(node, place.taken))]);
  const properties = new Map(found.flatMap((node) => Object.entries(propertiesOf(node))));
  return [...properties]
    .filter(([name]) => !left.has(name))
    .map(([name, property]) => {
      const schemas = variants(root, property);
      const type = typeOf(schemas);
      return {
        ...{ label: name, kind: 'key', about: aboutOf(schemas), required: required.has(name) },
        text: name + opening(type, schemas, root, place),
        detail: required.has(name) ? 'required' : type,
        goesOn: valuesOf(schemas, place).length > 0,
      };
    });
}

/** Of keys of which a map has exactly one, the others, once one is there. */
function ruledOut(node: JsonSchema, taken: readonly string[]): readonly string[] {
  const names = listOf(node['oneOf']).flatMap((branch) => {
    const asked = isSchema(branch) ? listOf(branch['required']) : [];
    return asked.length === 1 && typeof asked[0] === 'string' ? [asked[0]] : [];
  });
  return names.some((name) => taken.includes(name)) ? names : [];
}

/** What follows a key: a blank before a value, a new line before what is written beneath it. */
function opening(type: string, schemas: readonly JsonSchema[], root: JsonSchema, place: YamlPlace): string {
  const beneath = `:\n${' '.repeat(place.column + 2)}`;
  if (place.inline || (type !== 'object' && type !== 'array')) return ': ';
  if (type === 'object') return beneath;
  const items = schemas.flatMap((node) => variants(root, node['items']));
  return typeOf(items) === 'object' ? `${beneath}- ` : ': ';
}

function valuesOf(found: readonly JsonSchema[], place: YamlPlace): readonly Choice[] {
  const values = found.flatMap((node) => [
    ...listOf(node['enum']),
    ...('const' in node ? [node['const']] : []),
    ...(node['type'] === 'boolean' ? [true, false] : []),
    ...listOf(node['examples']),
    ...('default' in node ? [node['default']] : []),
  ]);
  const standard = new Set(found.map((node) => written(node['default'])));
  const closed = new Set(found.flatMap((node) => listOf(node['enum'])).map(written));
  return [...new Set(values.map(written))]
    .filter((value) => value !== '')
    .map((value) => ({
      ...{ label: value, text: value, kind: 'value', about: '', required: closed.has(value), goesOn: false },
      detail: standard.has(value) ? 'as without it' : '',
      about: place.kind === 'value' ? aboutOf(found) : '',
    }));
}

/** As it stands in a document; empty for what takes more than a word. */
function written(value: unknown): string {
  if (typeof value === 'string') return /^[\w./*-][^#:{}[\],&!|>'"%@`]*$/.test(value) ? value : `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const typeOf = (schemas: readonly JsonSchema[]): string => {
  const type = schemas.map((node) => node['type']).find((one) => typeof one === 'string');
  return type ?? (schemas.some((node) => Array.isArray(node['enum'])) ? 'one of' : 'value');
};

const aboutOf = (schemas: readonly JsonSchema[]): string =>
  schemas.map((node) => node['description']).find((one) => typeof one === 'string') ?? '';

const propertiesOf = (node: JsonSchema): JsonSchema => {
  const properties = node['properties'];
  return isSchema(properties) ? properties : {};
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
