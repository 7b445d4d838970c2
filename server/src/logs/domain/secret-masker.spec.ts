import { describe, expect, it } from '@jest/globals';
import { SecretMasker } from './secret-masker.js';

function maskPieces(secrets: readonly string[], pieces: readonly string[]): string {
  const masker = new SecretMasker(secrets);
  return pieces.map((piece) => masker.push(piece)).join('') + masker.end();
}

describe('SecretMasker', () => {
  it('masks a secret wherever it stands', () => {
    expect(maskPieces(['hunter22'], ['a hunter22 b hunter22hunter22'])).toBe('a *** b ******');
  });

  it('masks a secret however the stream is cut', () => {
    const text = 'start s3cr3t-value end s3cr3t-value';
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(maskPieces(['s3cr3t-value'], pieces)).toBe('start *** end ***');
      }
    }
  });

  it('masks overlapping secrets however the stream is cut', () => {
    const text = 'x abcdef y cdefgh z abcd';
    for (let at = 0; at <= text.length; at++) {
      const masked = maskPieces(['abcd', 'abcdef', 'cdefgh'], [text.slice(0, at), text.slice(at)]);
      expect(masked).toBe('x *** y *** z ***');
    }
  });

  it('masks each line of a secret with several lines, and its form inside JSON', () => {
    const key = '-----BEGIN KEY-----\nMIIEabcdef\n-----END KEY-----';
    expect(maskPieces([key], ['only MIIEabcdef here'])).toBe('only *** here');
    expect(maskPieces([key], [JSON.stringify({ key })])).toBe('{"key":"***"}');
    expect(maskPieces([key], [`<${key}>`])).toBe('<***>');
  });

  it('takes characters with a meaning in patterns as they are', () => {
    expect(maskPieces(['a.*b$(c)[d]'], ['axxb a.*b$(c)[d]'])).toBe('axxb ***');
  });

  it('leaves text alone where there is no secret worth the name', () => {
    expect(maskPieces(['', ' ', 'abc'], ['abc \n'])).toBe('abc \n');
  });

  it('holds back no more than the beginning of a secret', () => {
    const masker = new SecretMasker(['password']);
    expect(masker.push('the word pass')).toBe('the word ');
    expect(masker.push(' is no secret')).toBe('pass is no secret');
  });
});
