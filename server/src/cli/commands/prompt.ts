import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from '../api/cli-error.js';

/** Asks for a line on the terminal, or reads it from standard input where there is none. */
export const ask = (question: string): Promise<string> => readLine(question, process.stderr);

/** The same without showing what is typed. */
export const askSecretly = (question: string): Promise<string> => readLine(question, silent());

async function readLine(question: string, echo: Writable): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const reader = createInterface({ input: stdin, output: echo, terminal: stdin.isTTY });
  try {
    const line = await new Promise<string | null>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(null));
      reader.once('SIGINT', () => resolve(null));
    });
    if (line === null) throw new CliError(`Nothing was given for "${question.trim().replace(/:$/u, '')}".`);
    return line;
  } finally {
    reader.close();
    if (stdin.isTTY && echo !== stderr) stderr.write('\n');
  }
}

const silent = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
