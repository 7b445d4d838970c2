import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';

/**
 * Sends a body with its ETag, or 304 where the caller has it already.
 * @param parts what the body depends on
 */
export function sendConditional(
  request: Request,
  response: Response,
  body: object,
  parts: readonly unknown[],
): void {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27);
  response.setHeader('ETag', `"${digest}"`);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (request.fresh) response.status(304).end();
  else response.json(body);
}
