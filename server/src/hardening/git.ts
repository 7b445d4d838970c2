import { runProcess, type ProcessResult } from './run-process.js';

const GIT_TIMEOUT_MS = 5 * 60_000;
const MAX_GIT_OUTPUT = 256 * 1024 * 1024;

/** Nothing of the repository or of a user's configuration may run or change what git does here. */
const SAFE_SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.excludesFile', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['core.autocrlf', 'false'],
  ['core.safecrlf', 'false'],
  ['commit.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['protocol.allow', 'never'],
  ['safe.directory', '*'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** Git in one work tree, without hooks, user configuration, prompts or network. */
export class Git {
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(
    readonly root: string,
    private readonly variables: Readonly<Record<string, string | undefined>>,
  ) {
    this.env = {
      ...variables,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Orchestrator',
      GIT_AUTHOR_EMAIL: 'orchestrator@localhost',
      GIT_COMMITTER_NAME: 'Orchestrator',
      GIT_COMMITTER_EMAIL: 'orchestrator@localhost',
      LC_ALL: 'C',
    };
  }

  /** The same settings in another work tree. */
  at(root: string): Git {
    return new Git(root, this.variables);
  }

  /** The same work tree with another index file, which git makes when it writes to it. */
  withIndex(file: string): Git {
    return new Git(this.root, { ...this.variables, GIT_INDEX_FILE: file });
  }

  /** Runs git; a non-zero exit is in the result. */
  async try(args: readonly string[], input?: string | Buffer): Promise<ProcessResult> {
    return runProcess(['git', ...SAFE_SETTINGS, ...args], {
      cwd: this.root,
      env: this.env,
      timeoutMs: GIT_TIMEOUT_MS,
      maxBytes: MAX_GIT_OUTPUT,
      ...(input === undefined ? {} : { input }),
    });
  }

  /** Standard output of git. @throws Error with git's own words when it fails. */
  async run(args: readonly string[], input?: string | Buffer): Promise<Buffer> {
    const result = await this.try(args, input);
    if (result.missing) throw new Error('git is not installed, or the work tree is gone');
    if (result.code !== 0 || result.truncated) {
      throw new Error(`git ${args[0]} failed: ${result.stderr.toString().trim().slice(0, 500)}`);
    }
    return result.stdout;
  }

  async text(args: readonly string[]): Promise<string> {
    return (await this.run(args)).toString().trim();
  }

  /** The records of an output that is separated by NUL (`-z`). */
  async records(args: readonly string[], input?: string): Promise<readonly string[]> {
    const output = (await this.run(args, input)).toString();
    return output.split('\0').filter((record) => record !== '');
  }
}
