import { describe, expect, it } from '@jest/globals';
import type { EvidenceFormat } from '../../workflow/domain/profile.js';
import { MAX_REPORT_BYTES, readEvidence, type EvidenceReading } from './read-evidence.js';

const SOURCE = { path: 'reports/report', sha256: 'ab', stepId: 'unit' };

const read = (format: EvidenceFormat, content: Buffer | string): Promise<EvidenceReading> =>
  readEvidence(format, Buffer.from(content), SOURCE);

describe('readEvidence on malformed reports', () => {
  const formats: readonly EvidenceFormat[] = ['junit', 'lcov', 'cobertura', 'sarif', 'npm_audit', 'ctrf'];
  const hostile: readonly (readonly [string, Buffer])[] = [
    ['an empty file', Buffer.alloc(0)],
    ['invalid UTF-8', Buffer.from([0xc3, 0x28, 0xa0, 0xff, 0xfe, 0x3c])],
    ['binary', Buffer.from([0, 1, 2, 3, 0])],
    ['plain words', Buffer.from('npm ERR! nothing here')],
    ['deep nesting of XML', Buffer.from('<a>'.repeat(200_000))],
    ['deep nesting of JSON', Buffer.from('['.repeat(200_000))],
    ['null', Buffer.from('null')],
    [
      'wrong types',
      Buffer.from(
        '{"runs":7,"results":{"tests":"x","summary":[]},"metadata":{"vulnerabilities":{"low":"NaN"}}}',
      ),
    ],
    ['a prototype key', Buffer.from('<__proto__ tests="1"><testcase/></__proto__>')],
  ];
  for (const format of formats) {
    it.each(hostile)(`warns and measures nothing when ${format} is %s`, async (_what, content) => {
      const reading = await readEvidence(format, content, SOURCE);
      expect(reading.measurements).toEqual([]);
      expect(reading.warnings).toHaveLength(1);
      expect(reading.warnings[0]).toContain(`reports/report (${format})`);
    });
  }

  it('refuses XML that declares entities', async () => {
    const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`).join(
      '',
    );
    const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">${lol}]><testsuites>&lol9;</testsuites>`;
    const reading = await read('junit', bomb);
    expect(reading).toMatchObject({
      measurements: [],
      warnings: [expect.stringContaining('entities, which are refused')],
    });
  });

  it('does not read a report of 50 MB on one line', async () => {
    const reading = await read('lcov', Buffer.alloc(50_000_000, 'SF:a'));
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings[0]).toContain('larger than 32 MiB');
    expect(MAX_REPORT_BYTES).toBe(32 * 1024 * 1024);
  });

  it('does not count the tests of a JUnit report that was cut off', async () => {
    const reading = await read('junit', '<testsuites><testsuite><testcase name="a"/><testcase name="b"/>');
    expect(reading.measurements).toEqual([]);
  });

  it.each([
    ['lcov', 'SF:a\nLF:-3\nLH:-1\nend_of_record\n'],
    ['lcov', 'SF:a\nLF:1\nLH:9\nend_of_record\n'],
    ['lcov', 'SF:a\nLF:ten\nLH:NaN\nend_of_record\n'],
    ['cobertura', '<coverage lines-valid="2" lines-covered="5"/>'],
    ['cobertura', '<coverage line-rate="NaN"/>'],
    ['cobertura', '<coverage line-rate="1.5"/>'],
    ['npm_audit', '{"metadata":{"vulnerabilities":{"critical":-1,"high":0,"moderate":0,"low":0}}}'],
    ['ctrf', '{"results":{"summary":{"tests":1,"passed":-5,"failed":0}}}'],
    ['ctrf', '{"results":{"summary":{"tests":1,"passed":5,"failed":0}}}'],
  ] as const)('measures nothing from impossible numbers in %s: %s', async (format, text) => {
    const reading = await read(format, text);
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings).toHaveLength(1);
  });
});
