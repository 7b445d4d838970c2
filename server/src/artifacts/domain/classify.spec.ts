import { describe, expect, it } from '@jest/globals';
import { classify } from './classify.js';

describe('classify', () => {
  it.each([
    ['PRD.md', 'prd'],
    ['requirements.md', 'requirements'],
    ['requirements-dev.txt', 'code'],
    ['architecture.md', 'architecture'],
    ['data_overview.md', 'documentation'],
    ['schema.json', 'data'],
    ['dev_summary.md', 'report'],
    ['test_report.md', 'test'],
    ['qa_results.json', 'test'],
    ['README.md', 'documentation'],
    ['how_to_run.md', 'documentation'],
    ['release_notes.md', 'documentation'],
    ['changes.patch', 'patch'],
    ['fix.diff', 'patch'],
    ['build.log', 'log'],
    ['src/app.ts', 'code'],
    ['src/app.spec.ts', 'test'],
    ['src/report.py', 'code'],
    ['Dockerfile', 'code'],
    ['discovery/findings.sarif', 'report'],
    ['badge.svg', 'other'],
    ['noextension', 'other'],
    ['.gitignore', 'other'],
  ])('takes %s for %s', (path, type) => {
    expect(classify(path)).toBe(type);
  });

  it.each([
    ['latest.md', 'documentation'],
    ['contest.csv', 'data'],
    ['reporter.bin', 'data'],
    ['prdx.md', 'documentation'],
    ['inspect.md', 'documentation'],
  ])('sees no word inside another one in %s', (path, type) => {
    expect(classify(path)).toBe(type);
  });

  it('splits words at capitals, digits and marks', () => {
    expect(classify('unitTestReport.xml')).toBe('test');
    expect(classify('2026-11-22 audit (final).pdf')).toBe('report');
  });

  it('looks at the last name only', () => {
    expect(classify('test/overview.md')).toBe('documentation');
  });
});
