import { describe, expect, it } from '@jest/globals';
import { isCommonPassword } from './common-password.js';

const known = new Set(['password', 'qwerty123456', '123']);
const judged = (password: string): boolean => isCommonPassword(password, (text) => known.has(text));

describe('a common password', () => {
  it.each([
    'qwerty123456',
    'QWERTY123456',
    'Password1234!',
    '2026password2026',
    'passwordpassword',
    'password',
  ])('is %s', (password) => {
    expect(judged(password)).toBe(true);
  });

  it.each([
    'a password of somebody',
    'correct horse battery',
    '123123123123',
    'passwordless door',
    '',
    '1234',
  ])('is not %s', (password) => {
    expect(judged(password)).toBe(false);
  });
});
