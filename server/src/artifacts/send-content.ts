import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../problems/domain-error.js';
import type { ArtifactEntity } from './artifact.entity.js';
import type { ArtifactStore } from './artifact-store.js';
import { isTextual } from './domain/media-type.js';
import { fileName } from './domain/safe-path.js';

// A content is a stranger's: no scripts, no forms, no origin of ours, nothing loaded from elsewhere.
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Answers with an artifact's content: whole, a range of it, or 304 where the caller has it. */
export async function sendContent(
  request: Request,
  response: Response,
  artifact: ArtifactEntity,
  store: ArtifactStore,
  disposition: 'attachment' | 'inline',
): Promise<void> {
  if (has(request, artifact)) {
    setHeaders(response, artifact, disposition);
    response.status(304).end();
    return;
  }
  const range = wantedRange(request, artifact);
  // Before the headers, so that a content which is missing is answered like any other problem.
  const content = request.method === 'HEAD' ? null : await store.open(artifact.sha256, range ?? undefined);
  setHeaders(response, artifact, disposition);
  const size = artifact.sizeBytes;
  response.set('Content-Length', String(range === null ? size : range.end - range.start + 1));
  if (range !== null) {
    response.status(206);
    response.set('Content-Range', `bytes ${String(range.start)}-${String(range.end)}/${String(size)}`);
  }
  if (content === null) response.end();
  else await sendStream(content, response);
}

/**
 * Whether `If-None-Match` names the content. Not Express's `fresh`, which believes no ETag beside the
 * `Cache-Control: no-cache` that some clients add to every conditional request.
 */
function has(request: Request, artifact: ArtifactEntity): boolean {
  const known = (request.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
  return known.includes('*') || known.includes(`"${artifact.sha256}"`);
}

/** Sends a stream to its end. A caller who leaves early is no error. */
export async function sendStream(content: Readable, response: Response): Promise<void> {
  try {
    await pipeline(content, response);
  } catch (error) {
    if (!response.destroyed || content.errored !== null) throw error;
  }
}

/** Headers of a download under a name that may hold any character. */
export function setDownloadHeaders(
  response: Response,
  name: string,
  disposition: 'attachment' | 'inline',
): void {
  response.set({
    'Content-Disposition': contentDisposition(name, { type: disposition }),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': SANDBOX,
    // `no-transform`: a compressed answer would be another one than the digest and the ranges speak of.
    'Cache-Control': 'private, no-cache, no-transform',
  });
}

function setHeaders(
  response: Response,
  artifact: ArtifactEntity,
  disposition: 'attachment' | 'inline',
): void {
  setDownloadHeaders(response, fileName(artifact.path), disposition);
  response.set({
    'Content-Type': isTextual(artifact.mediaType)
      ? `${artifact.mediaType}; charset=utf-8`
      : artifact.mediaType,
    ETag: `"${artifact.sha256}"`,
    'Accept-Ranges': 'bytes',
  });
}

/** One range, or null for the whole content: also where several are asked for, as RFC 9110 allows. */
function wantedRange(request: Request, artifact: ArtifactEntity): { start: number; end: number } | null {
  const condition = request.get('if-range');
  if (condition !== undefined && condition !== `"${artifact.sha256}"`) return null;
  const ranges = request.range(artifact.sizeBytes, { combine: true });
  if (ranges === -1) throw unsatisfiable(artifact.sizeBytes);
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}

const unsatisfiable = (size: number): DomainError =>
  new DomainError(
    416,
    'range_not_satisfiable',
    `The content has ${String(size)} bytes; the range lies outside.`,
    {
      headers: { 'Content-Range': `bytes */${String(size)}` },
    },
  );
