import { DomainError } from '../problems/domain-error.js';
import type { ProfileFormat } from './parsing/profile-text.js';

export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'] as const;

export interface ProfileBody {
  readonly text: string;
  readonly format: ProfileFormat;
}

/**
 * The text of a profile that a request carries. A JSON body that was parsed on its way here is written out again.
 * @throws DomainError 415 `unsupported_media_type` where it is neither YAML nor JSON
 */
export function profileBody(contentType: string | undefined, body: unknown): ProfileBody {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isYaml = YAML_TYPES.some((type) => type === mediaType);
  if (!isYaml && mediaType !== 'application/json') {
    const detail = 'Send a profile as application/yaml or application/json.';
    throw new DomainError(415, 'unsupported_media_type', detail);
  }
  const format = isYaml ? 'yaml' : 'json';
  // Without content nothing is parsed: the empty text is what was sent.
  if (body === undefined || body === null) return { text: '', format };
  return { text: typeof body === 'string' ? body : JSON.stringify(body, null, 2), format };
}
