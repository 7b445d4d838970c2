/** Larger texts are only downloaded, bytes. */
export const PREVIEW_LIMIT = 1024 * 1024;

export type PreviewKind =
  'markdown' | 'transcript' | 'json' | 'csv' | 'image' | 'patch' | 'html' | 'code' | 'none';

interface Previewed {
  readonly name: string;
  /** Among the artifacts of its phase. */
  readonly path: string;
  readonly media_type: string;
  readonly size_bytes: number;
}

const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml', 'image/avif']);

/** Text under media types that do not begin with `text/`. */
const TEXT_TYPES =
  /^(text\/|application\/(.*\+)?(json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql|x-ndjson|sarif|x-httpd-php))/;
const TEXT_NAMES =
  /\.(patch|diff|log|txt|ts|tsx|js|mjs|cjs|jsx|py|rb|go|rs|java|kt|c|h|cpp|cs|php|sh|sql|ya?ml|toml|ini|xml|html?|css|scss|sarif|info|lock|jsonl|ndjson|dockerfile)$/i;

/** Where agents' steps leave what was said in them. */
const TRANSCRIPT = /^transcripts\/[^/]+\.jsonl$/;

/** How a file is shown. What is neither known nor text has no preview. */
export function previewKind(file: Previewed): PreviewKind {
  const type = file.media_type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (file.size_bytes === 0) return 'none';
  if (IMAGES.has(type)) return 'image';
  if (file.size_bytes > PREVIEW_LIMIT) return 'none';
  if (type === 'text/markdown' || /\.(md|markdown)$/i.test(file.name)) return 'markdown';
  if (TRANSCRIPT.test(file.path)) return 'transcript';
  if (/\.(jsonl|ndjson)$/i.test(file.name)) return 'code';
  if (/[/+]json$/.test(type) || /\.(json|sarif)$/i.test(file.name)) return 'json';
  if (/\.(patch|diff)$/i.test(file.name) || type === 'text/x-diff' || type === 'text/x-patch') return 'patch';
  if (type === 'text/html') return 'html';
  if (type === 'text/csv' || /\.csv$/i.test(file.name)) return 'csv';
  return TEXT_TYPES.test(type) || TEXT_NAMES.test(file.name) ? 'code' : 'none';
}

/** Whether a content can be read as text, and so be compared with another version. */
export function isReadable(file: Previewed): boolean {
  const kind = previewKind(file);
  return kind !== 'image' && kind !== 'none';
}
