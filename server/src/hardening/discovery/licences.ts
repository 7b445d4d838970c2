import parse from 'spdx-expression-parse';

/** Phrases of which all stand in the licence's text, most specific licence first. */
const SIGNATURES: readonly (readonly [spdx: string, ...phrases: string[]])[] = [
  ['AGPL-3.0', 'gnu affero general public license', 'version 3'],
  ['LGPL-3.0', 'gnu lesser general public license', 'version 3'],
  ['LGPL-2.1', 'gnu lesser general public license', 'version 2.1'],
  ['GPL-3.0', 'gnu general public license', 'version 3, 29 june 2007'],
  ['GPL-2.0', 'gnu general public license', 'version 2, june 1991'],
  ['Apache-2.0', 'apache license', 'version 2.0'],
  ['MPL-2.0', 'mozilla public license', 'version 2.0'],
  ['EPL-2.0', 'eclipse public license', 'v 2.0'],
  ['BSL-1.0', 'boost software license', 'version 1.0'],
  ['Unlicense', 'this is free and unencumbered software released into the public domain'],
  ['CC0-1.0', 'creative commons', 'cc0 1.0 universal'],
  ['0BSD', 'permission to use, copy, modify, and/or distribute this software for any purpose', 'zero-clause'],
  [
    'ISC',
    'permission to use, copy, modify, and/or distribute this software for any purpose',
    'and this permission notice appear in all copies',
  ],
  [
    'ISC',
    'permission to use, copy, modify, and distribute this software for any purpose',
    'and this permission notice appear in all copies',
  ],
  [
    'BSD-3-Clause',
    'redistribution and use in source and binary forms',
    'may be used to endorse or promote products',
  ],
  ['BSD-2-Clause', 'redistribution and use in source and binary forms', 'binary form must reproduce'],
  ['MIT', 'permission is hereby granted, free of charge', 'the software is provided "as is"'],
  [
    'Zlib',
    "this software is provided 'as-is', without any express or implied warranty",
    'altered source versions',
  ],
];

/** The SPDX id of a licence text by its signature phrases, or null where it is none of the common ones. */
export function licenceOfText(text: string): string | null {
  const tagged = /SPDX-License-Identifier:\s*([\w.+()-]+(?: (?:AND|OR|WITH) [\w.+()-]+)*)/u.exec(text)?.[1];
  if (tagged !== undefined && isSpdx(tagged)) return tagged;
  const flat = text.toLowerCase().replace(/[“”]/gu, '"').replace(/\s+/gu, ' ');
  return SIGNATURES.find(([, ...phrases]) => phrases.every((phrase) => flat.includes(phrase)))?.[0] ?? null;
}

/** Whether a text is a valid SPDX licence expression. */
export function isSpdx(expression: string): boolean {
  try {
    parse(expression);
    return true;
  } catch {
    // The parser throws on every text that is no expression; that is the answer.
    return false;
  }
}

export const isLicenceFile = (name: string): boolean =>
  /^(?:licen[cs]e|copying|unlicense)(?:[-_.][\w-]+)?(?:\.(?:md|txt|rst))?$/iu.test(name);
