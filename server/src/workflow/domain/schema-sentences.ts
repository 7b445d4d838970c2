import type { ErrorObject } from 'ajv/dist/2020.js';
import { pointer, pointerSegments, type ProfileProblem } from './profile-problem.js';

type Sentence = (error: ErrorObject) => string;

/** The plain sentence of each JSON Schema keyword; others keep the validator's own words. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  required: (error) => `${subject(error)} needs the property ${param(error, 'missingProperty')}.`,
  additionalProperties: (error) => `The property ${param(error, 'additionalProperty')} is not known here.`,
  enum: (error) => `${subject(error)} must be one of ${listed(error.params['allowedValues'])}.`,
  const: (error) => `${subject(error)} must be ${JSON.stringify(error.params['allowedValue'])}.`,
  type: (error) => `${subject(error)} must be ${typeName(error.params['type'])}.${explanation(error)}`,
  pattern: (error) => `${subject(error)} does not have the right form.${explanation(error)}`,
  propertyNames: (error) =>
    `The name ${param(error, 'propertyName')} does not have the right form.${explanation(error)}`,
  minLength: (error) => `${subject(error)} must not be empty.`,
  maxLength: (error) => `${subject(error)} is longer than ${param(error, 'limit')} characters.`,
  minItems: (error) => `${subject(error)} needs at least ${param(error, 'limit')}.`,
  maxItems: (error) => `${subject(error)} has more than ${param(error, 'limit')} entries.`,
  minProperties: (error) => `${subject(error)} needs at least ${param(error, 'limit')} property.`,
  maxProperties: (error) => `${subject(error)} has more than ${param(error, 'limit')} properties.`,
  uniqueItems: (error) => `${subject(error)} has the same entry twice.`,
  minimum: (error) => `${subject(error)} must be ${param(error, 'limit')} or more.`,
  maximum: (error) => `${subject(error)} must be ${param(error, 'limit')} or less.`,
  exclusiveMinimum: (error) => `${subject(error)} must be more than ${param(error, 'limit')}.`,
  exclusiveMaximum: (error) => `${subject(error)} must be less than ${param(error, 'limit')}.`,
  oneOf: (error) => branchSentence(error, 'exactly one'),
  anyOf: (error) => branchSentence(error, 'at least one'),
};

/** The sentence and the place of an error: a property that is not allowed is the place itself. */
export function problemOf(error: ErrorObject): ProfileProblem {
  const sentence =
    SENTENCES[error.keyword]?.(error) ?? `${subject(error)} ${error.message ?? 'is not valid'}.`;
  const key: unknown = error.params['additionalProperty'] ?? error.params['propertyName'];
  return { path: error.instancePath + (typeof key === 'string' ? pointer(key) : ''), message: sentence };
}

/** The last name on the path; entries of a list are told with the list. */
function subject(error: ErrorObject): string {
  const segments = pointerSegments(error.instancePath);
  const last = segments.at(-1);
  if (last === undefined) return 'The value';
  return /^\d+$/.test(last) ? `${segments.at(-2) ?? 'Entry'}[${last}]` : last;
}

function param(error: ErrorObject, name: string): string {
  const value: unknown = error.params[name];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const listed = (values: unknown): string => (Array.isArray(values) ? values.map(String).join(', ') : '');

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping of names to values',
  array: 'a list',
  null: 'null',
};

const typeName = (type: unknown): string =>
  [type]
    .flat()
    .map((name) => ARTICLES[String(name)] ?? String(name))
    .join(' or ');

/** What the schema says about the place, where it says something. */
function explanation(error: ErrorObject): string {
  const description: unknown = error.parentSchema?.['description'];
  return typeof description === 'string' ? ` ${description}` : '';
}

/** Alternatives that each ask for a property are told by the properties' names. */
function branchSentence(error: ErrorObject, quantity: string): string {
  const branches: unknown = error.schema;
  const names = Array.isArray(branches) ? branches.flatMap(requiredOf) : [];
  if (names.length > 0) return `${subject(error)} needs ${quantity} of ${names.join(', ')}.`;
  return `${subject(error)} does not have the right form.${explanation(error)}`;
}

function requiredOf(branch: unknown): string[] {
  if (typeof branch !== 'object' || branch === null || !('required' in branch)) return [];
  return Array.isArray(branch.required) ? branch.required.map(String) : [];
}
