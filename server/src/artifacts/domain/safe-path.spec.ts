import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../problems/domain-error.js';
import { fileName, normaliseArtifactPath } from './safe-path.js';

function refusal(path: string): DomainError {
  try {
    normaliseArtifactPath(path);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(path)} was accepted`);
}

describe('normaliseArtifactPath', () => {
  it.each([
    ['a.md', 'a.md'],
    ['./docs//a.md', 'docs/a.md'],
    ['docs\\a.md', 'docs/a.md'],
    ['docs/./b/', 'docs/b'],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['..a/b..md/...', '..a/b..md/...'],
    ['console.log', 'console.log'],
    ['a b (1) "x".md', 'a b (1) "x".md'],
  ])('spells %j as %j', (path, expected) => {
    expect(normaliseArtifactPath(path)).toBe(expected);
  });

  it('gives composed and decomposed letters the same path', () => {
    expect(normaliseArtifactPath('cafe\u0301.md')).toBe('caf\u00e9.md');
  });

  it('accepts emoji, joined emoji and right-to-left letters', () => {
    for (const path of ['📊 report.md', '👩‍💻/notes.md', 'דוח.md', 'تقرير.md'])
      expect(normaliseArtifactPath(path)).toBe(path);
  });

  it.each([
    ['../x', '".."'],
    ['a/../../x', '".."'],
    ['a\\..\\x', '".."'],
    ['..', '".."'],
    ['/etc/passwd', 'absolute'],
    ['\\\\server\\share', 'absolute'],
    ['C:/x', 'absolute'],
    ['c:x', 'absolute'],
    ['', 'names no file'],
    ['./', 'names no file'],
    ['a\nb.md', 'control'],
    ['a\0b.md', 'control'],
    ['a\u007fb', 'control'],
    ['a\u202egpj.md', 'direction-changing'],
    ['\ud800.md', 'not valid Unicode'],
    ['docs/NUL', 'device name'],
    ['con.md', 'device name'],
    ['Com1.tar.gz', 'device name'],
    ['x'.repeat(513), '512 bytes'],
    ['é'.repeat(257), '512 bytes'],
  ])('refuses %j because of: %s', (path, why) => {
    const error = refusal(path);
    expect(error.status).toBe(400);
    expect(error.code).toBe('invalid_path');
    expect(error.message).toContain(why);
  });

  it('accepts a path of exactly 512 bytes', () => {
    expect(normaliseArtifactPath('é'.repeat(256))).toHaveLength(256);
  });

  it('shows a refused path without its control characters', () => {
    expect(refusal('a\u202eb\nc').message).toBe(
      'The artifact path "a\\u202eb\\nc" holds a control or direction-changing character.',
    );
  });
});

describe('fileName', () => {
  it('is the last name of a path', () => {
    expect(fileName('a/b/c.md')).toBe('c.md');
    expect(fileName('c.md')).toBe('c.md');
  });
});
