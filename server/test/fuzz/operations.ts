import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from './random.js';
import { hostileText, spoil, validValue, type Schema } from './values.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type DescribedOperation = Omit<Operation, 'method' | 'path' | 'parameters'> &
  Partial<Pick<Operation, 'parameters'>>;

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface FuzzRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
}

export const readDocument = async (): Promise<ApiDocument> =>
  JSON.parse(await readFile(join(process.cwd(), 'docs/openapi.json'), 'utf8')) as ApiDocument;

export const operationsOf = (document: ApiDocument): readonly Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      method: method.toUpperCase(),
      path,
    })),
  );

/** Ids that exist, by the name of the path parameter. */
export type KnownIds = Readonly<Record<string, string[]>>;

/** Makes requests of one document: half of them valid, the others with one hostile place. */
export class Requests {
  constructor(
    private readonly document: ApiDocument,
    private readonly known: KnownIds,
  ) {}

  for(operation: Operation, random: Random): FuzzRequest {
    const spoiled = random.chance(0.5) ? random.pick(['path', 'query', 'header', 'body']) : null;
    const query = new URLSearchParams();
    const headers: Record<string, string> = {};
    let path = operation.path;
    for (const parameter of operation.parameters) {
      if (parameter.in === 'path') {
        path = path.replace(`{${parameter.name}}`, this.segment(parameter, spoiled === 'path', random));
      } else if (parameter.in === 'query' && random.chance(0.4)) {
        query.append(parameter.name, this.text(parameter.schema, spoiled === 'query', random));
      } else if (parameter.in === 'header' && random.chance(0.2)) {
        headers[parameter.name] = headerText(this.text(parameter.schema, spoiled === 'header', random));
      }
    }
    if (spoiled === 'query' && random.chance(0.2))
      query.append(hostileText(random).slice(0, 2000), hostileText(random).slice(0, 2000));
    const search = query.size > 0 ? `?${query.toString()}` : '';
    return { path: path + search, headers, ...this.body(operation, headers, spoiled === 'body', random) };
  }

  private segment({ name, schema }: Parameter, spoiled: boolean, random: Random): string {
    const ids = this.known[name] ?? [];
    const text =
      !spoiled && ids.length > 0 && random.chance(0.85)
        ? random.pick(ids)
        : this.text(schema, spoiled, random);
    return encodeURIComponent(text.toWellFormed().slice(0, 4000)) || 'x';
  }

  private text(schema: Schema, spoiled: boolean, random: Random): string {
    const text = spoiled ? hostileText(random) : String(validValue(schema, random, this.resolve));
    return text.toWellFormed().slice(0, 4000);
  }

  private body(
    { operationId, requestBody }: Operation,
    headers: Record<string, string>,
    spoiled: boolean,
    random: Random,
  ): Pick<FuzzRequest, 'body'> {
    if (requestBody === undefined || (spoiled && random.chance(0.1))) return {};
    const [type, { schema = {} }] = random.pick(Object.entries(requestBody.content));
    const valid = validValue(schema, random, this.resolve);
    if (type === 'multipart/form-data') return { body: formOf(valid, spoiled, random) };
    headers['Content-Type'] = type;
    if (type !== 'application/json') return { body: random.pick(PROFILES) };
    if (!spoiled) return { body: JSON.stringify(quick(operationId, valid)) };
    return {
      body: random.chance(0.1)
        ? random.pick(BROKEN_JSON)
        : JSON.stringify(quick(operationId, spoil(valid, random))),
    };
  }

  private readonly resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    return name === undefined ? schema : this.resolve(this.document.components.schemas[name] ?? {});
  };
}

/** Long polls answer at once, so that the run is bounded by work and not by waiting. */
function quick(operationId: string, value: unknown): unknown {
  if (operationId !== 'claimStep' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) || ('wait_seconds' in value && typeof value.wait_seconds !== 'number'))
    return value;
  return { ...value, wait_seconds: Math.min(Number('wait_seconds' in value ? value.wait_seconds : 0), 0) };
}

function formOf(value: unknown, spoiled: boolean, random: Random): FormData {
  const form = new FormData();
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  for (const [name, field] of fields) {
    if (name === 'file') continue;
    form.append(name, spoiled ? hostileText(random).toWellFormed() : String(field));
  }
  const name = spoiled ? hostileText(random).toWellFormed() : 'note.md';
  if (!spoiled || random.chance(0.8)) form.append('file', new Blob(['# A note']), name);
  return form;
}

/** Header values are Latin-1 without control characters: a client cannot send others. */
const headerText = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/gu, '')
    .trim()
    .slice(0, 2000) || 'x';

const BROKEN_JSON = ['{', '{"a":', '[1,]', '"\\ud800"', 'nul', '', '[[['.repeat(5000), '{"a":1}{'];

const PROFILES = [
  'apiVersion: orchestrator/v1\nname: fuzzed\ntitle: Fuzzed\nphases:\n  - name: a\n    steps:\n      - { id: do, command: "true" }\n',
  'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c]\n',
  'name: [',
  '{"name": 1}',
  '&a [*a]',
  '!!js/function "function () {}"',
  '__proto__: { admin: true }\nname: x\n',
  '\u0000',
  '- '.repeat(3000),
];
