import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ApiDocument, Operation } from './operations.js';

export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Says what is wrong with an answer by the API's own document. */
export class Judge {
  private readonly ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(document: ApiDocument) {
    formats.default(this.ajv);
    this.ajv.addSchema(document, 'api');
  }

  /** A sentence, or null where the answer is as documented. */
  fault(operation: Operation, { status, type, text }: FuzzAnswer): string | null {
    if (status >= 500 && operation.responses[status] === undefined)
      return `answered ${String(status)}: ${text}`;
    const response = operation.responses[status];
    if (response === undefined) return `answered ${String(status)}, which is not documented: ${text}`;
    const content = response.content ?? {};
    const types = Object.keys(content);
    if (types.length === 0) return text === '' ? null : `has a body at ${String(status)}: ${text}`;
    // A file has a type of its own.
    if (Object.values(content).some(({ schema }) => schema?.format === 'binary')) return null;
    if (content[type] === undefined) return `is ${type} at ${String(status)}, not ${types.join(' or ')}`;
    if (!/[/+]json$/u.test(type) || content[type].schema === undefined) return null;
    return this.mismatch(operation, String(status), type, text);
  }

  private mismatch(operation: Operation, status: string, type: string, text: string): string | null {
    const steps = [
      'paths',
      operation.path,
      operation.method.toLowerCase(),
      'responses',
      status,
      'content',
      type,
    ];
    const pointer = [...steps, 'schema'].map(escaped).join('/');
    const validate = this.compiled.get(pointer) ?? this.ajv.compile({ $ref: `api#/${pointer}` });
    this.compiled.set(pointer, validate);
    if (validate(JSON.parse(text))) return null;
    const [error] = validate.errors ?? [];
    return `does not match its schema at ${status}: ${String(error?.instancePath)} ${String(error?.message)}`;
  }
}

const escaped = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
