/** What the placeholders of a template stand for. */
export interface TemplateValues {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly intake: string | null;
  readonly run: { readonly id: string; readonly projectName: string; readonly phase: string };
}

/** `text` puts values in as they are; `json` escapes them for the inside of a JSON string. */
export type TemplateEncoding = 'text' | 'json';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const PARAMETER = /^parameters\.([A-Za-z_][A-Za-z0-9_]*)$/;

const RUN_VALUES: Readonly<Record<string, (values: TemplateValues) => string>> = {
  intake: (values) => values.intake ?? '',
  'run.id': (values) => values.run.id,
  'run.project_name': (values) => values.run.projectName,
  'run.phase': (values) => values.run.phase,
};

/** The expressions between `{{` and `}}`, trimmed, in order. */
export const placeholders = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').trim());

/** The parameter that a placeholder names; null where it names none. */
export const placeholderParameter = (placeholder: string): string | null =>
  PARAMETER.exec(placeholder)?.[1] ?? null;

/** Whether a placeholder is one of `intake`, `run.id`, `run.project_name` and `run.phase`. */
export const isRunPlaceholder = (placeholder: string): boolean => Object.hasOwn(RUN_VALUES, placeholder);

/**
 * Fills in a template once: what a value contains is never read as a template again.
 * Texts are put in as they are, other values as JSON, null and absent ones as nothing.
 */
export function renderTemplate(
  template: string,
  values: TemplateValues,
  encoding: TemplateEncoding = 'text',
): string {
  return template.replace(PLACEHOLDER, (whole: string, inner: string) => {
    const value = resolve(inner.trim(), values);
    if (value === null) return whole;
    return encoding === 'json' ? JSON.stringify(value).slice(1, -1) : value;
  });
}

/** null where the placeholder is unknown, which publishing has ruled out. */
function resolve(placeholder: string, values: TemplateValues): string | null {
  const name = placeholderParameter(placeholder);
  if (name !== null) return Object.hasOwn(values.parameters, name) ? asText(values.parameters[name]) : '';
  return isRunPlaceholder(placeholder) ? (RUN_VALUES[placeholder]?.(values) ?? null) : null;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
