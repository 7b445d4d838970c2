import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { withinTime } from '../content/within-time.js';

/** What is wrong with a value, as parts of a sentence; empty where it is valid. */
export type SchemaCheck = (value: unknown) => readonly string[];

const CHECK_MS = 2000;

/** Compiles a JSON Schema (draft 2020-12). A schema that cannot be compiled finds every value wrong and says why. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): SchemaCheck {
  const compiled = withinTime(CHECK_MS, () => tryCompile(schema));
  if (compiled.kind === 'timed_out')
    return () => ["cannot be judged: the gate's schema takes too long to compile"];
  const validate = compiled.value;
  if (typeof validate === 'string')
    return () => [`cannot be judged: the gate's schema is invalid (${validate})`];
  return (value) => {
    const checked = withinTime(CHECK_MS, () =>
      validate(value) ? [] : (validate.errors ?? []).map(describe),
    );
    return checked.kind === 'done' ? checked.value : ["takes too long to be judged by the gate's schema"];
  };
}

/** Knows what a JSON Schema is. Compiling that takes far longer than a gate's schema, so it is done once. */
const draft = new Ajv2020({ strict: false, logger: false });

function tryCompile(schema: Readonly<Record<string, unknown>>) {
  const ajv = new Ajv2020({ strict: false, logger: false, meta: false, validateSchema: false });
  ajvFormats.default(ajv);
  try {
    if (draft.validateSchema(schema) !== true)
      return `schema is invalid: ${draft.errorsText()}`.slice(0, 200);
    return ajv.compile(schema);
  } catch (error) {
    // Ajv throws plain errors for a wrong schema, a reference that leads nowhere, a bad pattern.
    if (error instanceof Error) return error.message.slice(0, 200);
    throw error;
  }
}

const describe = (error: ErrorObject): string =>
  `breaks its schema at ${error.instancePath === '' ? 'the root' : error.instancePath}: ${error.message ?? error.keyword}`;
