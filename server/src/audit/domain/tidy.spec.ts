import { describe, expect, it } from '@jest/globals';
import { tidy } from './tidy.js';

describe('what a stranger wrote', () => {
  it('stays in one line, without what steers a terminal or turns text around', () => {
    expect(tidy('a\r\nPOST /admin 200\u001b[31m\u202egnp.exe\u0000\ud800')).toBe(
      'a??POST /admin 200?[31m?gnp.exe?\ufffd',
    );
  });

  it('is cut where it is long', () => {
    expect(tidy('x'.repeat(5000))).toHaveLength(2000);
  });
});
