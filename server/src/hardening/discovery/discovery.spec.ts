import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageOf } from './languages.js';
import { isSpdx, licenceOfText } from './licences.js';
import { ecosystemOf, readManifest } from './manifests.js';

describe('the language of a file', () => {
  it.each([
    ['a.ts', '', 'TypeScript'],
    ['a.py', '', 'Python'],
    ['a.rs', '', 'Rust'],
    ['README.md', '', 'Markdown'],
    ['Dockerfile', '', 'Dockerfile'],
    ['bin/tool', '#!/usr/bin/env -S python3.12 -I', 'Python'],
    ['run', '#!/bin/sh', 'Shell'],
  ])('of %s is told by its name or interpreter', (path, line, language) => {
    expect(languageOf(path, line)?.name).toBe(language);
  });

  it('is unknown where nothing tells it', () => {
    expect(languageOf('data/unknown-thing', 'hello')).toBeNull();
  });
});

describe('a licence', () => {
  it('is known by its text, here the one of this project', () => {
    expect(licenceOfText(readFileSync(join(import.meta.dirname, '../../../../LICENSE'), 'utf8'))).toBe('MIT');
  });

  it('is not guessed', () => {
    expect(licenceOfText('You may use this on Tuesdays.')).toBeNull();
    expect([isSpdx('MIT OR Apache-2.0'), isSpdx('Mine')]).toEqual([true, false]);
  });
});

describe('a manifest', () => {
  it.each([
    [
      'package.json',
      '{"name":"a","version":"1.0.0","license":"MIT","dependencies":{"b":"1"},"devDependencies":{"c":"1"}}',
      'a',
      2,
    ],
    ['pyproject.toml', '[project]\nname = "a"\ndependencies = ["b", "c"]\n', 'a', 2],
    ['Cargo.toml', '[package]\nname = "a"\n[dependencies]\nb = "1"\n', 'a', 1],
    ['go.mod', 'module example.org/a\n\nrequire (\n\texample.org/b v1.2.3\n)\n', 'example.org/a', 1],
  ])('%s tells name and number of dependencies', (path, text, name, dependencies) => {
    const ecosystem = ecosystemOf(path);
    expect(ecosystem === null ? null : readManifest(path, ecosystem, text)).toMatchObject({
      name,
      dependencies,
    });
  });

  it('that is malformed tells nothing, and does no harm', () => {
    const nothing = { name: null, version: null, licence: null, dependencies: null };
    for (const path of ['package.json', 'Cargo.toml', 'pom.xml', 'pyproject.toml']) {
      expect(readManifest(path, ecosystemOf(path) ?? 'npm', '{[<broken')).toMatchObject(nothing);
    }
  });
});
