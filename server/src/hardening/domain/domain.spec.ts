import { describe, expect, it } from '@jest/globals';
import { indentationOf, majorityIndentation } from './indentation.js';
import { code, codeBlock, plain, table } from './markdown.js';
import { isGenerated, isTestFile } from './paths.js';

describe('Markdown of foreign text', () => {
  it('cannot become markup, a link or a second line', () => {
    expect(plain('a\n# <b>[x](y)*')).toBe('a \\# \\<b\\>\\[x\\](y)\\*');
  });

  it('cannot end the code it stands in', () => {
    expect(code('a``b\nc|d')).toBe('``` a``b\ufffdc\\|d ```');
    expect(codeBlock('one\n```\n\u001b[31mred\u001b[0m')).toBe('````text\none\n```\nred\n````');
  });

  it('is no table where there are no rows', () => {
    expect(table(['A'], [])).toBe('');
    expect(table(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('the indentation of files', () => {
  const lines = (line: string): string => Array.from({ length: 12 }, () => `if {\n${line}\n}`).join('\n');

  it('is what nine tenths of the lines have', () => {
    expect(majorityIndentation([indentationOf(lines('    a'))])).toEqual({ style: 'space', size: 4 });
    expect(majorityIndentation([indentationOf(lines('\ta'))])).toEqual({ style: 'tab' });
  });

  it('is unknown where the files disagree or say too little', () => {
    expect(majorityIndentation([indentationOf(lines('    a')), indentationOf(lines('\ta'))])).toBeNull();
    expect(majorityIndentation([indentationOf('a\n  b\n')])).toBeNull();
  });
});

describe('a path', () => {
  it.each(['test.js', 'src/a.test.ts', 'tests/test_a.py', 'pkg/a_test.go', 'test/a.js'])(
    '%s is a test',
    (path) => {
      expect(isTestFile(path)).toBe(true);
    },
  );

  it.each(['src/latest.js', 'src/contest.py', 'node_modules/a/test.js', 'tests/data.json'])(
    '%s is no test',
    (path) => {
      expect(isTestFile(path)).toBe(false);
    },
  );

  it('of a lock file or build result is generated', () => {
    expect(['a/package-lock.json', 'dist/a.js', 'x.min.css', 'src/a.js'].map(isGenerated)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
