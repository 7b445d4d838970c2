import busboy, { type FileInfo } from 'busboy';
import type { Request } from 'express';
import { Readable } from 'node:stream';
import { DomainError, invalid } from '../problems/domain-error.js';
import { artifactTooLarge } from './folder-store.js';

/** What came with a request: the fields (not yet validated), and where the file's bytes went. */
export interface Upload<T> {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly fileName: string | null;
  readonly content: T;
}

/** Takes the file's bytes while they arrive; `name` is what the caller calls the file. */
export type TakeFile<T> = (content: Readable) => Promise<T>;

const FIELD_BYTES = 64 * 1024;
/** Around the file: fields and the form's own marks. */
const FORM_BYTES = 512 * 1024;

/**
 * Reads an upload as it arrives: a form (`multipart/form-data`) with one file, or the file itself
 * (`application/octet-stream`) with the fields in the query. After a refusal the rest of the body is read and
 * dropped, so that the caller sees the answer instead of a broken connection.
 * @param maxBytes of the file; a body that announces more is refused before it is read
 */
export async function receiveUpload<T>(
  request: Request,
  maxBytes: number,
  take: TakeFile<T>,
): Promise<Upload<T>> {
  try {
    if (Number(request.get('content-length') ?? 0) > maxBytes + FORM_BYTES) throw artifactTooLarge(maxBytes);
    if (request.is('multipart/form-data') !== false) return await receiveForm(request, take);
    if (request.is('application/octet-stream') !== false) return await receiveRaw(request, take);
    throw new DomainError(
      415,
      'unsupported_media_type',
      'Send the file as multipart/form-data, or alone as application/octet-stream with its phase and path in the query.',
    );
  } catch (error) {
    if (request.destroyed && !request.complete)
      throw new DomainError(400, 'upload_aborted', 'The upload was broken off.');
    request.unpipe();
    request.resume();
    throw error;
  }
}

async function receiveRaw<T>(request: Request, take: TakeFile<T>): Promise<Upload<T>> {
  const content = await take(Readable.from(undestroyed(request)));
  return { fields: request.query, fileName: null, content };
}

function receiveForm<T>(request: Request, take: TakeFile<T>): Promise<Upload<T>> {
  const form = openForm(request);
  const fields: Record<string, unknown> = { ...request.query };
  return new Promise((resolve, reject) => {
    const received: Promise<Upload<T>>[] = [];
    const fail = (error: unknown): void => {
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    form.on('file', (_field: string, content: Readable, info: Partial<FileInfo>) => {
      const upload = take(Readable.from(undestroyed(content))).then((taken) => ({
        fields,
        fileName: info.filename ?? null,
        content: taken,
      }));
      upload.catch(fail);
      received.push(upload);
    });
    form.on('field', (name: string, value: string) => (fields[name] = value));
    form.on('filesLimit', () => fail(invalid('Send one file at a time.')));
    form.on('fieldsLimit', () => fail(invalid('The form has too many fields.')));
    form.on('error', () => fail(invalid('The form is not well-formed multipart/form-data.')));
    form.on('close', () => {
      const [upload] = received;
      if (upload === undefined) fail(noFile());
      else upload.then(resolve, fail);
    });
    // A caller who breaks off leaves a form that never ends.
    request.once('close', () => {
      if (!request.complete) form.destroy();
    });
    request.pipe(form);
  });
}

const noFile = (): DomainError =>
  invalid('The form holds no file.', [{ pointer: '/file', message: 'is missing' }]);

function openForm(request: Request): ReturnType<typeof busboy> {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      preservePath: true,
      limits: { files: 1, fields: 16, fieldSize: FIELD_BYTES, parts: 20 },
    });
  } catch {
    // busboy's only reason to throw: the header names no boundary.
    throw invalid('The form is not well-formed multipart/form-data: its boundary is missing.');
  }
}

/** What a reader may stop reading without the source being destroyed: the answer still has to go out. */
async function* undestroyed(source: Readable): AsyncGenerator<Buffer> {
  const pieces = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}
