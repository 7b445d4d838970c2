import type { OpenAPIObject } from '@nestjs/swagger';
import { IDEMPOTENCY_HEADER, KEEP_HOURS } from './domain/idempotency-key.js';

const PARAMETER = {
  name: IDEMPOTENCY_HEADER,
  in: 'header' as const,
  required: false,
  description:
    `1–255 printable characters. The same key and body within ${KEEP_HOURS} h gives the first answer again, ` +
    'with `Idempotency-Replayed: true`.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  example: 'create-2026-11-22-0001',
};
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } };
const IN_PROGRESS = 'The first request with this key is still being executed (`idempotency_in_progress`).';
const MALFORMED = 'The key is not 1–255 printable characters (`invalid_idempotency_key`).';
const REUSED = 'The key was used with another request (`idempotency_key_reused`).';

/** Adds the header and its refusals to every guarded POST of the document. */
export function describeIdempotency(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    if (post?.security === undefined || post.security.length === 0) continue;
    post.parameters = [...(post.parameters ?? []), PARAMETER];
    post.responses['400'] ??= { description: MALFORMED, content: PROBLEM };
    post.responses['409'] ??= { description: IN_PROGRESS, content: PROBLEM };
    post.responses['422'] ??= { description: REUSED, content: PROBLEM };
  }
  return document;
}
