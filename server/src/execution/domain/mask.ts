/** What stands where a secret was. */
export const MASK = '***';

/** Shorter values would mask half of every text and protect nothing. */
const MIN_LENGTH = 4;

export type Masker = (text: string) => string;

/**
 * A function that replaces the values of secrets by {@link MASK}, also each line of a value with several
 * lines, and the form a value has inside JSON.
 */
export const createMasker = (secrets: Readonly<Record<string, string>>): Masker =>
  maskerOf(Object.values(secrets));

/** The same for values without names. */
export function maskerOf(values: readonly string[]): Masker {
  const forms = values.flatMap((value) => [value, ...value.split(/\r?\n/)]);
  const escaped = forms.map((form) => JSON.stringify(form).slice(1, -1));
  // The longest first: a secret that contains another one is masked as a whole.
  const wanted = [...new Set([...forms, ...escaped])]
    .filter((form) => form.trim().length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return (text) => text;
  return (text) => wanted.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}
