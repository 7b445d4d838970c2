import { MalformedReport } from './report.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws MalformedReport where the text is not a JSON object */
export function parseJsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedReport('it is not valid JSON');
    throw error;
  }
  if (!isRecord(value)) throw new MalformedReport('it is not a JSON object');
  return value;
}

export const recordAt = (value: JsonObject, key: string): JsonObject | null => {
  const found = value[key];
  return isRecord(found) ? found : null;
};

/** The objects in an array; what is no object is left out. */
export const recordsAt = (value: JsonObject, key: string): readonly JsonObject[] => {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isRecord) : [];
};

export const textAt = (value: JsonObject, key: string): string | null => {
  const found = value[key];
  return typeof found === 'string' ? found : null;
};

/** A finite number of 0 or more; null for everything else. */
export const numberAt = (value: JsonObject, key: string): number | null => {
  const found = value[key];
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
};
