import { compileSchema, type JsonSchema } from '../json-schema.js';
import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { placedGates } from './places.js';

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef', '$id', '$anchor', '$dynamicAnchor'];

/** The schemas of parameters and of JSON artifacts compile and stand alone. */
export function schemaProblems(source: ProfileSource): ProfileProblem[] {
  const gateSchemas = placedGates(source).flatMap(({ item, path }) =>
    item.schema === undefined ? [] : uncompilable(item.schema, `${path}/schema`),
  );
  return source.parameters === undefined
    ? gateSchemas
    : [...parameterProblems(source.parameters), ...gateSchemas];
}

function parameterProblems(schema: JsonSchema): ProfileProblem[] {
  if (schema['type'] !== 'object') {
    return [{ path: '/parameters', message: 'The schema of the parameters must have type: object.' }];
  }
  return uncompilable(schema, '/parameters');
}

function uncompilable(schema: JsonSchema, path: string): ProfileProblem[] {
  const references = referencePlaces(schema, path);
  if (references.length > 0) {
    return references.map((place) => ({
      path: place,
      message: 'References are not supported here; write the schema in place.',
    }));
  }
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    // The compiler throws for what is not a schema; its reason is the author's to read.
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, message: `This is not a JSON Schema that can be used: ${reason}.` }];
  }
}

/** References could recurse without end, and a form cannot show them. */
function referencePlaces(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const place = path + pointer(key);
    const isReference = REFERENCES.includes(key) && typeof child === 'string';
    return isReference ? [place] : referencePlaces(child, place);
  });
}
