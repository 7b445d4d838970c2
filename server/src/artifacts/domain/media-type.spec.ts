import { describe, expect, it } from '@jest/globals';
import { isText, isTextual, mediaTypeOf, SNIFF_BYTES } from './media-type.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);

describe('mediaTypeOf', () => {
  it.each([
    ['a.md', 'text/markdown'],
    ['a.json', 'application/json'],
    ['a.html', 'text/html'],
    ['a.svg', 'image/svg+xml'],
    ['a.ts', 'text/plain'],
    ['a.patch', 'text/x-diff'],
    ['a.sarif', 'application/json'],
    ['LICENSE', 'text/plain'],
    ['a.unknownextension', 'text/plain'],
    ['.env', 'text/plain'],
  ])('gives text named %s the type %s', (path, expected) => {
    expect(mediaTypeOf(path, bytes('some words\n'))).toBe(expected);
  });

  it('knows binary contents by their extension', () => {
    expect(mediaTypeOf('a.png', PNG)).toBe('image/png');
    expect(mediaTypeOf('a.unknownextension', PNG)).toBe('application/octet-stream');
  });

  it('does not call a binary content text because of its name', () => {
    expect(mediaTypeOf('a.html', PNG)).toBe('application/octet-stream');
    expect(mediaTypeOf('a.json', PNG)).toBe('application/octet-stream');
  });

  it('takes an empty file for text', () => {
    expect(mediaTypeOf('empty', new Uint8Array())).toBe('text/plain');
  });
});

describe('isText', () => {
  it('accepts a character that the sniffed part cuts in two, but not one that the file cuts', () => {
    const cut = bytes('é'.repeat(SNIFF_BYTES)).subarray(1, 1 + SNIFF_BYTES);
    expect(isText(cut)).toBe(false);
    expect(isText(bytes(`x${'é'.repeat(SNIFF_BYTES)}`).subarray(0, SNIFF_BYTES))).toBe(true);
    expect(isText(bytes('é').subarray(0, 1))).toBe(false);
  });
});

describe('isTextual', () => {
  it('counts structured text and leaves pictures and archives out', () => {
    for (const type of ['text/csv', 'application/json', 'application/ld+json', 'image/svg+xml']) {
      expect(isTextual(type)).toBe(true);
    }
    for (const type of ['image/png', 'application/zip', 'application/octet-stream'])
      expect(isTextual(type)).toBe(false);
  });
});
