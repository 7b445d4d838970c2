import { createHash } from 'node:crypto';
import type { Request } from 'express';

/**
 * What makes two requests the same: method, path with query, and body. Of an upload, whose body is still to be
 * read, kind and length stand for it, because a client chooses a new multipart boundary for each try.
 */
export function requestDigest(request: Request): Buffer {
  const body: unknown = request.body;
  const content =
    body === undefined
      ? [request.get('content-type')?.split(';')[0] ?? '', request.get('content-length') ?? '']
      : [JSON.stringify(body)];
  return createHash('sha256')
    .update(JSON.stringify([request.method, request.originalUrl, ...content]))
    .digest();
}
