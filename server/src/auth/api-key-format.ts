import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 40;
const PREFIX_LENGTH = 12;

/** A new key: `orc_`, by which secret scanners find it, and 238 random bits as letters and digits. */
export const newApiKey = (): string =>
  `orc_${Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;

/** The beginning that is kept and shown: enough to recognise a key, not to guess it. */
export const prefixOf = (key: string): string => key.slice(0, PREFIX_LENGTH);
