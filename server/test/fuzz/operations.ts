import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from './bundles.js';
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

/** Values that exist, by the names of path parameters, headers and fields of bodies. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

/** Makes requests of one document: valid ones, and others with one hostile place. */
export class Requests {
  constructor(
    private readonly document: ApiDocument,
    private readonly known: KnownValues,
  ) {}

  /** About what is in `values`, mostly; `valid` asks for a request with no hostile place. */
  for(operation: Operation, values: Bundle['values'], valid: boolean, random: Random): FuzzRequest {
    const spoiled = !valid && random.chance(0.5) ? random.pick(['path', 'query', 'header', 'body']) : null;
    const known = (name: string): unknown => {
      const pool = this.known[name];
      if (!valid && random.chance(0.15)) return undefined;
      return values[name] ?? (pool === undefined ? undefined : random.pick(pool));
    };
    const query = new URLSearchParams();
    const cookie = known('Cookie');
    const headers: Record<string, string> = typeof cookie === 'string' ? { Cookie: cookie } : {};
    let path = operation.path;
    for (const parameter of operation.parameters) {
      const given = spoiled === parameter.in ? undefined : known(parameter.name);
      if (parameter.in === 'path') {
        path = path.replace(
          `{${parameter.name}}`,
          this.segment(parameter, given, spoiled === 'path', random),
        );
      } else if (parameter.in === 'query' && random.chance(parameter.required ? 0.95 : 0.4)) {
        query.append(
          parameter.name,
          typeof given === 'string' ? given : this.text(parameter.schema, spoiled === 'query', random),
        );
      } else if (parameter.in === 'header' && random.chance(0.2)) {
        headers[parameter.name] = headerText(this.text(parameter.schema, spoiled === 'header', random));
      }
    }
    if (spoiled === 'query' && random.chance(0.2))
      query.append(hostileText(random).slice(0, 2000), hostileText(random).slice(0, 2000));
    const search = query.size > 0 ? `?${query.toString()}` : '';
    const sent = this.body(operation, headers, known, spoiled === 'body', random);
    return { path: path + search, headers, ...sent };
  }

  private segment({ schema }: Parameter, given: unknown, spoiled: boolean, random: Random): string {
    const text = typeof given === 'string' ? given : this.text(schema, spoiled, random);
    return encodeURIComponent(text.toWellFormed().slice(0, 4000)) || 'x';
  }

  private text(schema: Schema, spoiled: boolean, random: Random): string {
    const text = spoiled ? hostileText(random) : String(validValue(schema, random, this.resolve));
    return text.toWellFormed().slice(0, 4000);
  }

  private body(
    { operationId, requestBody }: Operation,
    headers: Record<string, string>,
    known: (name: string) => unknown,
    spoiled: boolean,
    random: Random,
  ): Pick<FuzzRequest, 'body'> {
    if (requestBody === undefined || (spoiled && random.chance(0.1))) return {};
    const [type, { schema = {} }] = random.pick(Object.entries(requestBody.content));
    const valid = withKnown(validValue(schema, random, this.resolve), known);
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

/** The value with what exists in the fields that name it. */
function withKnown(value: unknown, known: (name: string) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const given = known(name);
      return [name, given === undefined ? withKnown(field, known) : given];
    }),
  );
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
