import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { EvidenceFormat } from '../../workflow/domain/profile.js';
import { readEvidence, type EvidenceReading } from './read-evidence.js';

const SOURCE = { path: 'reports/report', sha256: 'ab', stepId: 'unit' };

const read = (format: EvidenceFormat, content: Buffer | string): Promise<EvidenceReading> =>
  readEvidence(format, Buffer.from(content), SOURCE);

const sample = async (format: EvidenceFormat, name: string): Promise<EvidenceReading> =>
  read(format, await readFile(new URL(`../../../test/governance/reports/${name}`, import.meta.url)));

const figures = ({ measurements }: EvidenceReading): Record<string, number> =>
  Object.fromEntries(measurements.map(({ name, value }) => [name, value]));

describe('readEvidence', () => {
  it('reads the JUnit report of jest', async () => {
    const reading = await sample('junit', 'jest-junit.xml');
    expect(reading.warnings).toEqual([]);
    expect(figures(reading)).toEqual({
      'tests.total': 6,
      'tests.passed': 4,
      'tests.failed': 1,
      'tests.skipped': 1,
      'tests.pass_rate': 0.8,
      'tests.duration_seconds': 3.482,
    });
    expect(reading.measurements[0]).toMatchObject({ source: 'reports/report', sha256: 'ab', stepId: 'unit' });
  });

  it('reads the JUnit report of pytest, where an error in a fixture is a failed test', async () => {
    expect(figures(await sample('junit', 'pytest-junit.xml'))).toEqual({
      'tests.total': 5,
      'tests.passed': 2,
      'tests.failed': 2,
      'tests.skipped': 1,
      'tests.pass_rate': 0.5,
      'tests.duration_seconds': 0.734,
    });
  });

  it('counts a suite that broke before its tests ran as failed', async () => {
    const reading = await read(
      'junit',
      '<testsuites><testsuite name="db" tests="0" errors="1"/><testsuite name="a"><testcase name="x" time="1,200.5"/></testsuite></testsuites>',
    );
    expect(figures(reading)).toMatchObject({ 'tests.total': 2, 'tests.failed': 1, 'tests.pass_rate': 0.5 });
    expect(figures(reading)['tests.duration_seconds']).toBe(1200.5);
    expect(reading.warnings).toEqual([expect.stringContaining('Suite db states 1 failed tests')]);
  });

  it('measures no pass rate where no test ran', async () => {
    const reading = await read('junit', '<testsuite><testcase name="x"><skipped/></testcase></testsuite>');
    expect(figures(reading)).toEqual({
      'tests.total': 1,
      'tests.passed': 0,
      'tests.failed': 0,
      'tests.skipped': 1,
    });
  });

  it('takes no negative or impossible time from JUnit attributes', async () => {
    const reading = await read('junit', '<testsuite time="NaN"><testcase name="x" time="-3"/></testsuite>');
    expect(figures(reading)).not.toHaveProperty('tests.duration_seconds');
  });

  it('reads JUnit reports with the colours of a terminal in them', async () => {
    const reading = await read(
      'junit',
      '<testsuite><testcase name="x"><failure>\u001b[31mno\u001b[0m</failure></testcase></testsuite>',
    );
    expect(figures(reading)['tests.failed']).toBe(1);
  });

  it('reads lcov by file, line, branch and function', async () => {
    expect(figures(await sample('lcov', 'lcov.info'))).toEqual({
      'coverage.lines': 0.8,
      'coverage.lines_covered': 4,
      'coverage.lines_total': 5,
      'coverage.branches': 0.5,
      'coverage.branches_covered': 1,
      'coverage.branches_total': 2,
      'coverage.functions': 2 / 3,
      'coverage.functions_covered': 2,
      'coverage.functions_total': 3,
    });
  });

  it('counts a line once that several tests list in lcov', async () => {
    const record = (hits: number): string => `SF:a.c\nDA:1,${hits}\nDA:2,0\nend_of_record\n`;
    expect(figures(await read('lcov', record(0) + record(4)))).toMatchObject({
      'coverage.lines_covered': 1,
      'coverage.lines_total': 2,
    });
  });

  it('reads the sums that coverage.py states, and no branch coverage where none was measured', async () => {
    expect(figures(await sample('cobertura', 'cobertura-coveragepy.xml'))).toEqual({
      'coverage.lines': 0.85,
      'coverage.lines_covered': 34,
      'coverage.lines_total': 40,
    });
  });

  it('counts the lines of a Cobertura report without sums, with its harmless DOCTYPE', async () => {
    expect(figures(await sample('cobertura', 'cobertura-old.xml'))).toMatchObject({
      'coverage.lines': 0.75,
      'coverage.branches': 0.5,
      'coverage.functions': 0.5,
    });
  });

  it('keeps the bare rate of a Cobertura report that lists nothing', async () => {
    expect(figures(await read('cobertura', '<coverage line-rate="0.4"/>'))).toEqual({
      'coverage.lines': 0.4,
    });
  });

  it('reads SARIF levels from results, then from rules, and counts suppressed results apart', async () => {
    const reading = await sample('sarif', 'eslint.sarif');
    expect(figures(reading)).toEqual({
      'sarif.errors': 2,
      'sarif.warnings': 1,
      'sarif.notes': 1,
      'sarif.suppressed': 1,
    });
    expect(reading.findings[0]).toEqual({
      rule: 'no-unused-vars',
      level: 'error',
      path: 'src/invoice.ts',
      line: 9,
      message: "'rate' is assigned a value but never used.",
    });
  });

  it('measures nothing from SARIF of a tool that did not finish', async () => {
    const reading = await read(
      'sarif',
      '{"runs":[{"invocations":[{"executionSuccessful":false}],"results":[]}]}',
    );
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings).toEqual([
      'reports/report (sarif): not read, because the tool says that it did not finish.',
    ]);
  });

  it('reads npm audit version 2 with its packages', async () => {
    const reading = await sample('npm_audit', 'npm-audit-v2.json');
    expect(figures(reading)).toEqual({
      'audit.critical': 0,
      'audit.high': 1,
      'audit.moderate': 1,
      'audit.low': 0,
      'audit.info': 0,
      'audit.total': 2,
    });
    expect(reading.findings.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'braces <3.0.3: Uncontrolled resource consumption in braces'],
      ['warning', 'micromatch <=4.0.7: depends on a vulnerable package'],
    ]);
  });

  it('measures nothing where npm audit wrote an error', async () => {
    const reading = await read(
      'npm_audit',
      '{"error":{"code":"ENOLOCK","summary":"This command requires a lockfile"}}',
    );
    expect(reading.measurements).toEqual([]);
    expect(reading.warnings[0]).toContain('the audit itself failed (ENOLOCK)');
  });

  it('reads CTRF, where what is neither passed nor skipped lowers the pass rate', async () => {
    expect(figures(await sample('ctrf', 'ctrf.json'))).toEqual({
      'tests.total': 5,
      'tests.passed': 2,
      'tests.failed': 1,
      'tests.skipped': 1,
      'tests.pass_rate': 0.5,
      'tests.duration_seconds': 1.508,
    });
  });

  it('believes the CTRF summary where it states more failures than the tests show', async () => {
    const reading = await read(
      'ctrf',
      '{"results":{"summary":{"tests":3,"passed":1,"failed":2},"tests":[{"name":"a","status":"passed"}]}}',
    );
    expect(figures(reading)).toMatchObject({ 'tests.total': 3, 'tests.failed': 2 });
    expect(reading.warnings).toHaveLength(1);
  });
});
