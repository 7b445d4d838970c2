import { describe, expect, it } from '@jest/globals';
import { evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { PhaseEvidence } from '../domain/evidence.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a budget gate', () => {
  const gate = (maxCostUsd: string | null, maxTokens: number | null): GateDefinition => ({
    ...GATE,
    kind: 'budget',
    maxCostUsd,
    maxTokens,
  });
  const used = (costUsd: string, tokens: number, unpricedCalls = 0): PhaseEvidence =>
    evidence({ usage: { costUsd, tokens, unpricedCalls } });

  it('compares money as decimals', async () => {
    expect((await evaluateGate(gate('0.30', null), used('0.3', 5))).status).toBe('passed');
    expect((await evaluateGate(gate('0.30', null), used('0.300000001', 5))).status).toBe('blocked');
    expect((await evaluateGate(gate(null, 4), used('0', 5))).status).toBe('blocked');
  });

  it('does not know a cost with calls without price, unless it is over the limit already', async () => {
    expect(await evaluateGate(gate('1', null), used('0.1', 5, 2))).toMatchObject({
      status: 'blocked',
      actual: null,
    });
    expect((await evaluateGate(gate('1', null), used('2', 5, 2))).actual).toBe('2 USD, 5 tokens');
    expect((await evaluateGate(gate(null, 9), used('0', 5, 2))).status).toBe('passed');
  });
});
