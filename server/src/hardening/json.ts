export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object (neither null nor a list). */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object in a JSON text, or null where the text is malformed or something else. */
export function parseRecord(text: string | null): JsonRecord | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // Malformed JSON is an expected state of foreign files: the caller treats it as "cannot be read".
    return null;
  }
}

export const recordAt = (record: JsonRecord | null, key: string): JsonRecord | null => {
  const value = record?.[key];
  return isRecord(value) ? value : null;
};

export const stringAt = (record: JsonRecord | null, key: string): string | null => {
  const value = record?.[key];
  return typeof value === 'string' ? value : null;
};

/** A finite number, or null. */
export const numberAt = (record: JsonRecord | null, key: string): number | null => {
  const value = record?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export const listAt = (record: JsonRecord | null, key: string): readonly unknown[] => {
  const value = record?.[key];
  return Array.isArray(value) ? value : [];
};

/** The objects of a list; other members are left out. */
export const recordsAt = (record: JsonRecord | null, key: string): readonly JsonRecord[] =>
  listAt(record, key).filter(isRecord);
