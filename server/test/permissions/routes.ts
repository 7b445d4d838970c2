import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Requirement } from '../../src/auth/domain/requirement.js';
import type { RunUse } from '../../src/runs/domain/run-uses.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
}

interface Operation {
  readonly operationId: string;
  readonly 'x-permission'?: Requirement;
  readonly 'x-run-use'?: RunUse;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** A route of the API as its document describes it. */
export interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** null: open to everybody. */
  readonly requirement: Requirement | null;
  /** null: not about one run. */
  readonly use: RunUse | null;
  readonly contentType: string | null;
  /** The smallest body that the document's examples make. */
  readonly body: unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every route of docs/openapi.json, by path and method. */
export async function readRoutes(): Promise<Route[]> {
  const file = join(import.meta.dirname, '../../../docs/openapi.json');
  const document = JSON.parse(await readFile(file, 'utf8')) as Document;
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      requirement: operation['x-permission'] ?? null,
      use: operation['x-run-use'] ?? null,
      ...bodyOf(operation, document),
    })),
  );
}

function bodyOf({ requestBody }: Operation, document: Document): Pick<Route, 'contentType' | 'body'> {
  const [contentType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (contentType === undefined || content === undefined) return { contentType: null, body: undefined };
  return { contentType, body: exampleOf(content.schema, document) };
}

/** Of an object its required fields; of a number with a lower end that end, so that nothing is waited for. */
function exampleOf(schema: Schema, document: Document): unknown {
  if (schema.example !== undefined && schema.minimum === undefined) return schema.example;
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return exampleOf(document.components.schemas[named] ?? {}, document);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, document)));
  if (schema.properties !== undefined) {
    const wanted = Object.entries(schema.properties).filter(
      ([name, { minimum }]) => (schema.required ?? []).includes(name) || minimum === 0,
    );
    return Object.fromEntries(wanted.map(([name, part]) => [name, exampleOf(part, document)]));
  }
  return schema.minimum ?? schema.enum?.[0] ?? (schema.type === 'array' ? [] : '');
}
