import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { ApiClient } from '../api/api-client.js';
import { CliError } from '../api/cli-error.js';
import type { RepositoryDto, UploadRepositoryData } from '../api/generated/types.gen.js';

/** Sends a repository for a run; nothing where none is named. @throws CliError where the file cannot be read */
export async function uploadedRepository(
  api: ApiClient,
  file: string | undefined,
): Promise<{ readonly repository?: RepositoryDto }> {
  if (file === undefined) return {};
  const content = await openAsBlob(file).catch((error: unknown) => {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const form = new FormData();
  form.append('file', content, basename(file));
  // The fields of the form are those of the document's schema.
  const body = form as unknown as UploadRepositoryData['body'];
  const { upload_id: upload } = await api.call('uploadRepository', { body });
  return { repository: { upload } };
}
