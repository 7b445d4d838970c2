import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from '../api/cli-error.js';

/** Asks for a line on the terminal, or reads it from standard input where there is none. */
export const ask = (question: string): Promise<string> => readLine(question, process.stderr);

/** The same without showing what is typed. */
export const askSecretly = (question: string): Promise<string> => readLine(question, silent());

/** Lines of standard input that came together with one that was asked for. */
const ahead: string[] = [];

async function readLine(question: string, echo: Writable): Promise<string> {
  const early = ahead.shift();
  if (early !== undefined) return early;
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const reader = createInterface({ input: stdin, output: echo, terminal: stdin.isTTY });
  try {
    await new Promise<void>((resolve) => {
      reader.on('line', (line) => {
        ahead.push(line);
        resolve();
      });
      reader.once('close', resolve);
      reader.once('SIGINT', resolve);
    });
    const line = ahead.shift();
    if (line === undefined)
      throw new CliError(`Nothing was given for "${question.trim().replace(/:$/u, '')}".`);
    return line;
  } finally {
    reader.close();
    if (stdin.isTTY && echo !== stderr) stderr.write('\n');
  }
}

const silent = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
