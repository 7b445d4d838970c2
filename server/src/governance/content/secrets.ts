import { posix } from 'node:path';
import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** A secret was found here. Never holds the secret, nor its length. */
export interface SecretFinding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The rule that found it, e.g. `aws/AWSSecretAccessKey`. */
  readonly rule: string;
}

// The profiler keeps an entry per rule and file for ever; a server would grow with every scan.
secretLintProfiler.setEnabled(false);

const config = {
  rules: [
    {
      id: '@secretlint/secretlint-rule-preset-recommend',
      rule: creator,
      // Evidence must not be able to excuse itself with a `secretlint-disable` comment.
      rules: [{ id: '@secretlint/secretlint-rule-filter-comments', disabled: true }],
    },
  ],
};

/** Looks for credentials in a text, by the recommended rules of secretlint. */
export async function findSecrets(path: string, text: string): Promise<readonly SecretFinding[]> {
  const result = await lintSource({
    source: { filePath: path, content: text, ext: posix.extname(path), contentType: 'text' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return result.messages.map((message) => ({
    path,
    line: message.loc.start.line,
    rule: `${message.ruleId.replace(/^.*secretlint-rule-/, '')}/${message.messageId}`,
  }));
}
