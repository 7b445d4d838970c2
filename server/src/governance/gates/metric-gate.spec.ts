import { describe, expect, it } from '@jest/globals';
import { evidence, GATE, measured } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a metric gate', () => {
  const gate = (min: number | null, max: number | null): GateDefinition => ({
    ...GATE,
    kind: 'metric',
    metric: 'coverage.lines',
    min,
    max,
  });

  it('blocks as not measured without the figure, and with one that is no number', async () => {
    const none = await evaluateGate(gate(0, null), evidence({ measurements: [measured('tests.total', 3)] }));
    expect(none).toMatchObject({ status: 'blocked', actual: null, threshold: '≥ 0' });
    const nan = await evaluateGate(
      gate(0, null),
      evidence({ measurements: [measured('coverage.lines', NaN)] }),
    );
    expect(nan).toMatchObject({ status: 'blocked', actual: null });
  });

  it.each([
    [0.8, 0.8, null, 'passed'],
    [0.79999, 0.8, null, 'blocked'],
    [0, null, 0, 'passed'],
    [1, null, 0, 'blocked'],
    [5, 1, 4, 'blocked'],
  ] as const)('judges %d with min %s and max %s: %s', async (value, min, max, status) => {
    const verdict = await evaluateGate(
      gate(min, max),
      evidence({ measurements: [measured('coverage.lines', value)] }),
    );
    expect(verdict).toMatchObject({ status, actual: String(value) });
    expect(verdict.evidence).toEqual([
      { path: 'reports/junit.xml', sha256: 'ab', detail: `coverage.lines = ${value}` },
    ]);
  });

  it('shows the worst of several measurements and names every source', async () => {
    const measurements = [
      measured('coverage.lines', 0.9, 'a.info'),
      measured('coverage.lines', 0.5, 'b.info'),
    ];
    const verdict = await evaluateGate(gate(0.8, null), evidence({ measurements }));
    expect(verdict).toMatchObject({ status: 'blocked', actual: '0.5' });
    expect(verdict.message).toContain('a.info, b.info');
  });
});
