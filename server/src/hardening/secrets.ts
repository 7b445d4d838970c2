import { extname } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

export interface SecretHit {
  /** secretlint's name of the kind, such as `GITHUB_TOKEN`. */
  readonly kind: string;
  /** From 1. */
  readonly line: number;
  /** Offsets into the text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend';
const config = {
  rules: [
    {
      id: PRESET,
      rule: creator,
      // What is inspected must not be able to excuse itself with a `secretlint-disable` comment.
      rules: [{ id: '@secretlint/secretlint-rule-filter-comments', disabled: true }],
    },
  ],
};

/** Finds secrets in a text. The hits say where and what kind, never the secret itself. */
export async function findSecrets(path: string, text: string): Promise<readonly SecretHit[]> {
  const source = {
    filePath: `/${path}`,
    content: text,
    ext: extname(path),
    contentType: 'text' as const,
  };
  const result = await lintSource({ source, options: { maskSecrets: true, noPhysicFilePath: true, config } });
  return result.messages.map((message) => ({
    kind: message.messageId,
    line: message.loc.start.line,
    start: message.range[0],
    end: message.range[1],
  }));
}

/** The text with every secret that can be recognised replaced by a mark that names its kind. */
export async function redact(path: string, text: string): Promise<string> {
  const hits = [...(await findSecrets(path, text))].sort((a, b) => b.start - a.start);
  let clean = text;
  let before = text.length;
  for (const hit of hits) {
    if (hit.end > before) continue;
    clean = `${clean.slice(0, hit.start)}[redacted ${hit.kind}]${clean.slice(hit.end)}`;
    before = hit.start;
  }
  return clean;
}
