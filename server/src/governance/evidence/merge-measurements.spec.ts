import { describe, expect, it } from '@jest/globals';
import type { Measurement } from '../domain/evidence.js';
import { mergeMeasurements } from './merge-measurements.js';

const from = (source: string, figures: Record<string, number>): Measurement[] =>
  Object.entries(figures).map(([name, value]) => ({
    name,
    value,
    source,
    sha256: `sha-${source}`,
    stepId: 'unit',
  }));

const figures = (merged: readonly Measurement[]): [string, number][] =>
  merged.map(({ name, value }): [string, number] => [name, value]).toSorted();

describe('mergeMeasurements', () => {
  const unit = from('unit.xml', {
    'tests.total': 10,
    'tests.passed': 9,
    'tests.failed': 1,
    'tests.skipped': 0,
    'tests.pass_rate': 0.9,
  });
  const api = from('api.xml', {
    'tests.total': 5,
    'tests.passed': 1,
    'tests.failed': 0,
    'tests.skipped': 4,
    'tests.pass_rate': 1,
  });

  it('sums counts and calculates the pass rate from the sums', () => {
    const merged = mergeMeasurements([...unit, ...api]);
    expect(figures(merged)).toEqual([
      ['tests.failed', 1],
      ['tests.pass_rate', 10 / 11],
      ['tests.passed', 10],
      ['tests.skipped', 4],
      ['tests.total', 15],
    ]);
    expect(merged[0]).toMatchObject({ source: 'unit.xml, api.xml', sha256: null, stepId: 'unit' });
  });

  it('leaves the figures of a single report as they are', () => {
    expect(new Set(mergeMeasurements(unit))).toEqual(new Set(unit));
  });

  it('counts a report once that was read twice', () => {
    expect(figures(mergeMeasurements([...unit, ...unit]))).toEqual(figures(unit));
  });

  it('weighs coverage by the lines behind it', () => {
    const merged = mergeMeasurements([
      ...from('a', { 'coverage.lines': 1, 'coverage.lines_covered': 10, 'coverage.lines_total': 10 }),
      ...from('b', { 'coverage.lines': 0, 'coverage.lines_covered': 0, 'coverage.lines_total': 30 }),
    ]);
    expect(figures(merged)).toContainEqual(['coverage.lines', 0.25]);
    expect(merged.filter(({ name }) => name === 'coverage.lines')).toHaveLength(1);
  });

  it('keeps a rate without counts beside the calculated one, instead of making up its weight', () => {
    const merged = mergeMeasurements([
      ...from('a', { 'coverage.lines': 1, 'coverage.lines_covered': 10, 'coverage.lines_total': 10 }),
      ...from('b', { 'coverage.lines': 0.4 }),
    ]);
    expect(merged.filter(({ name }) => name === 'coverage.lines').map(({ value }) => value)).toEqual([
      1, 0.4,
    ]);
  });

  it('does not touch figures it does not know', () => {
    const own = [...from('a', { 'latency.p95': 3 }), ...from('b', { 'latency.p95': 5 })];
    expect(mergeMeasurements(own)).toEqual(own);
  });
});
