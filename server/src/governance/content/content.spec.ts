import { describe, expect, it } from '@jest/globals';
import { linkTargets, pathOfLink } from './links.js';
import { outlineOf } from './markdown.js';
import { findSecrets } from './secrets.js';
import { decodeText, lineAt, newTally, readTexts, type ReadableFile } from './text.js';
import { describeSize, listed } from './wording.js';
import { withinTime } from './within-time.js';

const file = (path: string, content: Buffer): ReadableFile => ({
  path,
  sizeBytes: content.length,
  read: (limit) => Promise.resolve(content.subarray(0, limit)),
});

describe('outlineOf', () => {
  it('locates headings, links, images and text by line', () => {
    const outline = outlineOf(
      '# One *two*\n\ntext\n[a](b.md)  \n![c](d.png)\n\n| h |\n| - |\n| [t](e.md) |\n',
    );
    expect(outline?.headings).toEqual([{ text: 'One two', line: 1 }]);
    expect(outline?.links).toEqual([
      { text: 'b.md', line: 4 },
      { text: 'd.png', line: 5 },
      { text: 'e.md', line: 9 },
    ]);
  });

  it('takes no code, footnote or HTML for a link', () => {
    const outline = outlineOf('`[a](b)` word[^1]\n\n    [c](d)\n\n<a href="e">f</a>\n\n[^1]: note\n');
    expect(outline?.links).toEqual([]);
  });

  it.each([
    ['brackets', '['.repeat(50_000)],
    ['quotations', '>'.repeat(50_000)],
    ['emphasis', '*a_ '.repeat(50_000)],
    ['links in links', '[a](<b'.repeat(50_000)],
    ['backticks', Array.from({ length: 2000 }, (_, i) => '`'.repeat(i)).join(' ')],
  ])('ends in bounded time on a document of nothing but %s', (_what, text) => {
    const started = performance.now();
    outlineOf(text);
    expect(performance.now() - started).toBeLessThan(6000);
  });
});

describe('pathOfLink', () => {
  it.each([
    ['docs/a.md', 'b.md', 'docs/b.md'],
    ['docs/a.md', '../b%20c.md?raw=1#x', 'b c.md'],
    ['docs/a.md', '/b/', 'b'],
    ['a.md', '..', '..'],
    ['a.md', './', '.'],
    ['a.md', '100%.md', '100%.md'],
    ['a.md', 'mailto:a@b.c', null],
    ['a.md', '//host/x', null],
    ['a.md', '#top', null],
    ['a.md', '', null],
  ])('resolves in %s the link %s to %s', (from, link, path) => {
    expect(pathOfLink(from, link)).toBe(path);
  });

  it('knows the folders above a file, and nothing above the root', () => {
    expect([...linkTargets(['a/b/c.md', './d.md'])].toSorted()).toEqual([
      '.',
      'a',
      'a/b',
      'a/b/c.md',
      'd.md',
    ]);
  });
});

describe('reading text', () => {
  it('decodes UTF-8 and UTF-16, replaces invalid bytes, and calls NUL binary', () => {
    expect(decodeText(Buffer.from('\uFEFFä'))).toBe('ä');
    expect(decodeText(Buffer.from('\uFEFFä', 'utf16le'))).toBe('ä');
    expect(decodeText(Buffer.from([0x61, 0xff]))).toBe('a\uFFFD');
    expect(decodeText(Buffer.from([0x61, 0]))).toBeNull();
  });

  it('stops at the limit of all files and says which were left out', async () => {
    const files = ['a', 'b', 'c'].map((path) => file(path, Buffer.alloc(30, 'x')));
    const tally = newTally();
    const lengths: number[] = [];
    for await (const { text } of readTexts(files, tally, { perFile: 20, total: 40 }))
      lengths.push(text.length);
    expect(lengths).toEqual([20, 20]);
    expect(tally).toMatchObject({ texts: 2, cut: new Set(['a', 'b']), unread: new Set(['c']) });
  });

  it('counts lines from 1', () => {
    expect([0, 1, 2, 3].map((index) => lineAt('a\n\nb', index))).toEqual([1, 1, 2, 3]);
  });
});

describe('findSecrets', () => {
  it('ends quickly on five megabytes in one line', async () => {
    const started = performance.now();
    expect(await findSecrets('a.txt', 'http://'.repeat(700_000))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(6000);
  });
});

describe('withinTime', () => {
  it('returns values, passes errors on, and stops endless work', () => {
    expect(withinTime(1000, () => 7)).toEqual({ kind: 'done', value: 7 });
    expect(() => withinTime(1000, () => BigInt('x'))).toThrow(SyntaxError);
    const endless = withinTime(50, () => {
      for (;;);
    });
    expect(endless).toEqual({ kind: 'timed_out' });
  });
});

describe('wording', () => {
  it('describes sizes in binary units', () => {
    expect([0, 1, 1023, 1536, 5 * 1024 ** 2].map(describeSize)).toEqual([
      '0 bytes',
      '1 byte',
      '1023 bytes',
      '1.5 KiB',
      '5 MiB',
    ]);
  });

  it('lists ten items and counts the rest', () => {
    expect(listed(Array.from({ length: 12 }, (_, index) => String(index)))).toBe(
      '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more',
    );
  });
});
