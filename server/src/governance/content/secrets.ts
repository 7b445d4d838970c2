import { posix } from 'node:path';
import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

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

// Evidence must not be able to excuse itself with a `secretlint-disable` comment. Rules are given one by one,
// since a preset runs this one even where its configuration disables it.
const FILTER_COMMENTS = '@secretlint/secretlint-rule-filter-comments';

const config = {
  rules: rules.filter(({ meta }) => meta.id !== FILTER_COMMENTS).map((rule) => ({ id: rule.meta.id, rule })),
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
