import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE, NOW } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('an approval gate', () => {
  const gate: GateDefinition = { ...GATE, kind: 'approval', role: 'member', count: 2 };
  const by = (userId: string, role: string) => ({ userId, role, at: NOW });

  it('counts each person once, and only the role or higher', async () => {
    const approvals = [by('a', 'member'), by('a', 'member'), by('b', 'viewer'), by('c', 'stranger')];
    expect(await evaluateGate(gate, evidence({ approvals }))).toMatchObject({
      status: 'blocked',
      actual: '1',
    });
    const enough = await evaluateGate(gate, evidence({ approvals: [...approvals, by('d', 'admin')] }));
    expect(enough).toMatchObject({ status: 'passed', actual: '2' });
  });

  it('is about every artifact of the phase', async () => {
    const verdict = await evaluateGate(
      gate,
      evidence({ artifacts: [artifact('a', 'x'), artifact('b', 'y')] }),
    );
    expect(verdict.evidence.map(({ path }) => path)).toEqual(['a', 'b']);
  });
});
