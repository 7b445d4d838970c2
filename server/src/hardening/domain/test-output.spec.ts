import { describe, expect, it } from '@jest/globals';
import { addCounts, countsFromGo, countsFromOutput, passRate } from './test-output.js';

const CASES: readonly (readonly [string, string, readonly [number, number, number]])[] = [
  [
    'node:test',
    'ℹ tests 4\nℹ suites 0\nℹ pass 1\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n',
    [1, 2, 1],
  ],
  [
    'the TAP of node:test',
    '# tests 2\n# pass 2\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n',
    [2, 0, 0],
  ],
  [
    'jest',
    'Test Suites: 1 failed, 1 total\nTests:       1 failed, 2 skipped, 7 passed, 10 total\n',
    [7, 1, 2],
  ],
  ['vitest', '\n Test Files  1 failed (1)\n      Tests  1 failed | 3 passed | 1 skipped (5)\n', [3, 1, 1]],
  ['mocha', '\n  12 passing (34ms)\n  1 pending\n  2 failing\n', [12, 2, 1]],
  ['AVA', '\n  1 test failed\n  24 tests passed\n  2 tests skipped\n', [24, 1, 2]],
  ['pytest', '=== 1 failed, 218 passed, 2 skipped, 1 warning in 3.21s ===\n', [218, 1, 2]],
  ['quiet pytest', '..\n2 passed in 0.01s\n', [2, 0, 0]],
  ['unittest', 'Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1)\n', [2, 2, 1]],
  [
    'cargo',
    'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 1 passed; 2 failed; 0 ignored;',
    [4, 2, 1],
  ],
  [
    'dotnet',
    'Passed!  - Failed:     0, Passed:     3, Skipped:     1, Total:     4, Duration: 12 ms',
    [3, 0, 1],
  ],
];

describe('the summary of a test tool', () => {
  it.each(CASES)('is read where it comes from %s', (_tool, output, [passed, failed, skipped]) => {
    const expected = { total: passed + failed + skipped, passed, failed, skipped };
    expect(countsFromOutput(`some output\n${output}`)).toEqual(expected);
  });

  it('is read through the colours of a terminal', () => {
    expect(
      countsFromOutput('\u001b[1mTests:\u001b[22m       \u001b[32m2 passed\u001b[39m, 2 total'),
    ).toMatchObject({ passed: 2 });
  });

  it('is not invented where nothing says it', () => {
    expect(countsFromOutput('all is well\n12 things passed by\n')).toBeNull();
    expect(countsFromGo('ok  \texample.org/a\t0.1s\n')).toBeNull();
    expect(addCounts([null, null])).toBeNull();
  });

  it('counts the named tests of Go, not its packages', () => {
    const lines = [
      '{"Action":"pass","Test":"TestA"}',
      '{"Action":"fail","Test":"TestB/c"}',
      '{"Action":"fail","Package":"p"}',
    ];
    expect(countsFromGo(lines.join('\n'))).toEqual({ total: 2, passed: 1, failed: 1, skipped: 0 });
  });

  it('has no pass rate where every test was skipped', () => {
    expect(passRate({ total: 2, passed: 0, failed: 0, skipped: 2 })).toBeNull();
    expect(passRate({ total: 5, passed: 3, failed: 1, skipped: 1 })).toBe(0.75);
  });
});
