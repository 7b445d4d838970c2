import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { EvidenceArtifact } from '../domain/evidence.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a freshness gate', () => {
  const gate: GateDefinition = { ...GATE, kind: 'freshness', artifact: '*.csv', maxAgeMs: 3_600_000 };
  const made = (iso: string): EvidenceArtifact => artifact(`${iso.slice(11, 13)}.csv`, 'x', new Date(iso));

  it('passes at the very limit and blocks beyond it, by the oldest artifact', async () => {
    const young = made('2026-03-04T11:00:00.000Z');
    const old = made('2026-03-04T10:59:59.999Z');
    expect(await evaluateGate(gate, evidence({ artifacts: [young] }))).toMatchObject({
      status: 'passed',
      actual: '1 h',
    });
    const verdict = await evaluateGate(gate, evidence({ artifacts: [young, old] }));
    expect(verdict).toMatchObject({ status: 'blocked', threshold: 'at most 1 h old' });
    expect(verdict.message).toContain('10.csv is 1 h old');
  });

  it('does not pass without the artifact', async () => {
    expect(await evaluateGate(gate, evidence({}))).toMatchObject({ status: 'blocked', actual: null });
  });
});
