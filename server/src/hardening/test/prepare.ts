import type { ProcessResult } from '../run-process.js';
import type { Suite } from './suite.js';

export type Preparation =
  /** With what failed on the way, or null. */
  | { readonly kind: 'ready'; readonly note: string | null }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Runs what a suite needs first. A step that fails is noted; one that cannot run at all ends it. */
export async function prepare(
  suite: Suite,
  run: (argv: readonly string[]) => Promise<ProcessResult>,
): Promise<Preparation> {
  const failed: string[] = [];
  for (const argv of suite.setup) {
    const result = await run(argv);
    if (result.missing) return { kind: 'impossible', reason: `${argv[0]} is not installed here` };
    if (result.timedOut) return { kind: 'impossible', reason: `${shown(argv)} did not end in time` };
    if (result.code !== 0) failed.push(`${shown(argv)} (${lastLine(result)})`);
  }
  return { kind: 'ready', note: failed.length === 0 ? null : `the preparation failed: ${failed.join('; ')}` };
}

const lastLine = (result: ProcessResult): string =>
  result.stderr.toString().trim().split('\n').at(-1)?.slice(0, 200) || `exit code ${result.code}`;

/** A command for people, without the folders of this run. */
export const shown = (argv: readonly string[]): string =>
  argv.map((word) => word.replace(/^(.*=)?\/\S*\/([^/]+)$/u, '$1$2')).join(' ');
