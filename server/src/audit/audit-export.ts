import { AuditEntryDto } from './audit.dto.js';
import type { AuditEntryEntity } from './audit-entry.entity.js';

const FIELDS = [
  'seq',
  'at',
  'actor_id',
  'actor_name',
  'via',
  'action',
  'target',
  'status',
  'result',
  'address',
  'user_agent',
  'hash',
] as const satisfies readonly (keyof AuditEntryDto)[];

/** A line for each entry. */
export async function* asLines(
  entries: AsyncIterable<AuditEntryEntity>,
  format: 'jsonl' | 'csv',
): AsyncGenerator<string> {
  if (format === 'csv') yield `${FIELDS.join(',')}\r\n`;
  for await (const entry of entries) {
    const shown = AuditEntryDto.of(entry);
    yield format === 'csv'
      ? `${FIELDS.map((field) => cell(shown[field])).join(',')}\r\n`
      : `${JSON.stringify(shown)}\n`;
  }
}

/** Quoted, and without a beginning that a spreadsheet takes for a formula. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
