import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { CliError } from '../api/cli-error.js';

/** Adds a value to those that an option has been given before. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** A whole number within a range, as an option's value. */
export const whole =
  (min: number, max: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/u.test(value) || number < min || number > max) {
      throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
    }
    return number;
  };

/** An amount of 0 or more, as an option's value. */
export function amount(value: string): number {
  if (!/^\d+(\.\d+)?$/u.test(value)) throw new InvalidArgumentError('An amount such as 2.50 is expected.');
  return Number(value);
}

/** The pairs `name=value`; the last of each name counts. */
export function pairs(texts: readonly string[], option: string): [string, string][] {
  return texts.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new CliError(`${option} is given as name=value, not as "${pair}".`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** What JSON reads as a value, else the text itself: `true`, `3` and `["a"]` are no texts. */
export function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** A text as it is, of a file as `@file`, or of standard input as `-`. */
export async function textOrFile(value: string): Promise<string> {
  if (value === '-') return text(process.stdin);
  return value.startsWith('@') ? readInput(value.slice(1)) : value;
}

/** The content of a file, or of standard input as `-`. @throws CliError where it cannot be read */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
    );
  }
}
