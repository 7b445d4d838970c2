/** One parameter as a form shows it. */
export interface ParameterField {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly required: boolean;
  readonly standard: unknown;
  readonly input:
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly options: readonly (string | number)[] }
    | {
        readonly kind: 'number';
        readonly integer: boolean;
        readonly min: number | null;
        readonly max: number | null;
      }
    | { readonly kind: 'text' }
    | { readonly kind: 'json' };
}

/** The fields of a JSON Schema's properties, in its order. */
export function parameterFields(schema: Readonly<Record<string, unknown>> | null): readonly ParameterField[] {
  const properties = record(schema?.['properties']);
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, value]) => {
    const property = record(value);
    return {
      name,
      title: text(property['title']) || name.replaceAll('_', ' '),
      hint: text(property['description']),
      required: required.includes(name),
      standard: property['default'],
      input: inputOf(property),
    };
  });
}

/** A typed text as the value that the schema asks for; undefined is not given, null cannot be read. */
export function readParameter(field: ParameterField, typed: string | boolean): unknown {
  if (typeof typed === 'boolean') return typed;
  if (typed.trim() === '') return undefined;
  switch (field.input.kind) {
    case 'choice':
      return field.input.options.find((option) => String(option) === typed);
    case 'number':
      return Number.isFinite(Number(typed)) ? Number(typed) : null;
    case 'json':
      return parsed(typed);
    case 'switch':
    case 'text':
      return typed;
  }
}

/** What is wrong with a value, or null. The server judges by the whole schema; this is said while typing. */
export function parameterError(field: ParameterField, value: unknown): string | null {
  if (value === null) return field.input.kind === 'json' ? 'This is not valid JSON.' : 'Enter a number.';
  if (value === undefined) {
    return field.required && field.standard === undefined ? 'This parameter is needed.' : null;
  }
  if (field.input.kind !== 'number' || typeof value !== 'number') return null;
  const { integer, min, max } = field.input;
  if (integer && !Number.isInteger(value)) return 'Enter a whole number.';
  if (min !== null && value < min) return `At least ${String(min)}.`;
  return max !== null && value > max ? `At most ${String(max)}.` : null;
}

function inputOf(property: Readonly<Record<string, unknown>>): ParameterField['input'] {
  const options = property['enum'];
  if (
    Array.isArray(options) &&
    options.every((option) => typeof option === 'string' || typeof option === 'number')
  ) {
    return { kind: 'choice', options };
  }
  switch (property['type']) {
    case 'boolean':
      return { kind: 'switch' };
    case 'number':
    case 'integer':
      return {
        kind: 'number',
        integer: property['type'] === 'integer',
        min: number(property['minimum']),
        max: number(property['maximum']),
      };
    case 'string':
      return { kind: 'text' };
    default:
      return { kind: 'json' };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-typed: the caller says so beside the field.
    return null;
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
