import { describe, expect, it } from '@jest/globals';
import { parseProfileText, type LocatedProblem, type ProfileFormat } from './profile-text.js';

function errorsOf(text: string, format: ProfileFormat = 'yaml'): readonly LocatedProblem[] {
  const parsed = parseProfileText(text, format);
  return parsed.kind === 'malformed' ? parsed.errors : [];
}

describe('malformed text', () => {
  it('is told with line and column', () => {
    expect(errorsOf('name: a\nphases: [1, 2\ntitle: b')).toMatchObject([{ line: 3, column: 1, path: '' }]);
  });

  it('has no duplicate keys', () => {
    expect(errorsOf('name: a\ntitle: b\nname: c')).toEqual([
      { line: 3, column: 1, path: '', message: 'Map keys must be unique.' },
    ]);
    expect(errorsOf('{\n  "a": 1,\n  "a": 2\n}', 'json')).toMatchObject([{ line: 3 }]);
  });

  it.each(['a: !env HOME', 'a: !!js/function "x"', 'a: !!binary aGk='])(
    'has no custom tags, as in %s',
    (text) => {
      expect(errorsOf(text)).toMatchObject([{ line: 1, message: expect.stringContaining('tag') }]);
    },
  );

  it('is one document of YAML 1.2', () => {
    expect(errorsOf('a: 1\n---\nb: 2')).toMatchObject([{ line: 2 }]);
    expect(errorsOf('%YAML 1.1\n---\na: yes')).toMatchObject([{ message: expect.stringContaining('1.2') }]);
  });

  it('has text keys only', () => {
    expect(errorsOf('? [a, b]\n: 1')).toMatchObject([{ line: 1 }]);
  });

  it('is told once where it nests without end', () => {
    expect(errorsOf('['.repeat(100_000))).toMatchObject([{ line: 1, message: 'Nested too deeply.' }]);
    expect(errorsOf(`a: ${'['.repeat(70)}${']'.repeat(70)}`)).toMatchObject([
      { message: 'Nested too deeply.' },
    ]);
  });

  it('is at most 512 KiB', () => {
    expect(errorsOf(`# ${'é'.repeat(262_144)}`)).toMatchObject([
      { message: expect.stringContaining('512 KiB') },
    ]);
  });
});

describe('aliases', () => {
  it('may repeat a part', () => {
    expect(parseProfileText('a: &x [1]\nb: *x', 'yaml')).toMatchObject({ value: { a: [1], b: [1] } });
  });

  it('may not multiply', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x]'
        : `a${String(level)}: &a${String(level)} [${`*a${String(level - 1)}, `.repeat(9)}]`,
    );
    expect(errorsOf(levels.join('\n'))).toMatchObject([{ message: expect.stringContaining('alias') }]);
  });

  it('may not contain themselves', () => {
    expect(errorsOf('a: &x [*x]')).toMatchObject([{ line: 1, message: 'Nested too deeply.' }]);
  });

  it('must be known', () => {
    expect(errorsOf('a: *nowhere')).toMatchObject([{ message: expect.stringContaining('nowhere') }]);
  });
});

describe('content', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('has no key %s, at any depth', (key) => {
    expect(errorsOf(`a: 1\nb:\n  - ${key}: {polluted: true}`)).toEqual([
      { line: 3, column: 5, path: `/b/0/${key}`, message: `${key} is not a name.` },
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('has no numbers that JSON cannot hold', () => {
    expect(errorsOf('a: .inf')).toMatchObject([{ path: '/a' }]);
    expect(errorsOf('a: .nan')).toMatchObject([{ path: '/a' }]);
  });

  it('has no NUL and no half characters', () => {
    expect(errorsOf('a: 1 # \0')).toMatchObject([{ message: expect.stringContaining('NUL') }]);
    expect(errorsOf('a: "x\\0y"')).toMatchObject([{ path: '/a', message: expect.stringContaining('NUL') }]);
    expect(errorsOf('{"a": "\\ud800"}', 'json')).toMatchObject([
      { message: expect.stringContaining('Unicode') },
    ]);
  });

  it('keeps names and texts of any script', () => {
    const text = 'title: Prüfung 🚀 اختبار 検査\nenv: {GRUSS: "Grüß dich"}';
    expect(parseProfileText(text, 'yaml')).toMatchObject({
      value: { title: 'Prüfung 🚀 اختبار 検査', env: { GRUSS: 'Grüß dich' } },
    });
  });
});

describe('JSON', () => {
  it('is read with the places of its values, also indented by tabs', () => {
    const parsed = parseProfileText('{\n\t"a": {\n\t\t"b": 1\n\t}\n}', 'json');
    if (parsed.kind !== 'value') throw new Error('expected a value');
    expect(parsed.value).toEqual({ a: { b: 1 } });
    expect(parsed.locate({ path: '/a/b', message: '' })).toMatchObject({ line: 3, column: 3 });
  });

  it('is not YAML', () => {
    expect(errorsOf('a: 1', 'json')).toMatchObject([{ message: 'This is not JSON.' }]);
    expect(errorsOf('{"a": 1,\n}', 'json')).toMatchObject([{ line: 2, column: 1 }]);
  });
});

describe('locating', () => {
  it('points at the key of a property, the item of a list, and the nearest there is', () => {
    const parsed = parseProfileText('a:\n  - x: 1\n  - y/z~: 2\n', 'yaml');
    if (parsed.kind !== 'value') throw new Error('expected a value');
    const at = (path: string): readonly number[] => {
      const { line, column } = parsed.locate({ path, message: '' });
      return [line, column];
    };
    expect(at('/a/1/y~1z~0')).toEqual([3, 5]);
    expect(at('/a/0')).toEqual([2, 5]);
    expect(at('/a/0/missing/deeper')).toEqual([2, 5]);
    expect(at('')).toEqual([1, 1]);
  });
});
