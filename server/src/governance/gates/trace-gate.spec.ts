import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a trace gate', () => {
  const gate = (min = 1): GateDefinition => ({
    ...GATE,
    kind: 'trace',
    source: 'requirements.md',
    pattern: '\\bR[0-9]+\\b',
    artifact: 'architecture.md',
    min,
  });
  const requirements = artifact(
    'requirements.md',
    '- R1 reads data\n- R2 forecasts\n- R10 explains, see R1\n',
  );
  const judge = (text: string, min = 1, earlier = [requirements]) =>
    evaluateGate(gate(min), evidence({ artifacts: [artifact('architecture.md', text)], earlier }));

  it('passes where every identifier is referred to', async () => {
    expect(await judge('R1 and R2 by the loader; R10 by the page.')).toMatchObject({
      status: 'passed',
      threshold: '100 % of the identifiers of requirements.md in architecture.md',
      actual: '3 of 3',
    });
  });

  it('blocks and names what was forgotten: R1 is no mention of R10', async () => {
    const verdict = await judge('R1 by the loader.');
    expect(verdict).toMatchObject({
      status: 'blocked',
      actual: '1 of 3',
      message: 'architecture.md does not refer to R2, R10 of requirements.md.',
    });
    expect(verdict.evidence.map(({ path, sha256 }) => [path, sha256 === null])).toEqual([
      ['architecture.md', false],
      ['requirements.md', true],
    ]);
  });

  it('allows what it says may be left out', async () => {
    expect((await judge('R1, R2', 0.6)).status).toBe('passed');
    expect((await judge('R1', 0.6)).status).toBe('blocked');
  });

  it('never passes without requirements, without identifiers in them, or without the document', async () => {
    expect(await judge('R1', 0, [])).toMatchObject({ status: 'blocked', actual: null });
    const empty = [artifact('requirements.md', 'None.')];
    expect(await judge('R1', 0, empty)).toMatchObject({ status: 'blocked', actual: null });
    expect(await evaluateGate(gate(0), evidence({ earlier: [requirements] }))).toMatchObject({
      status: 'blocked',
      actual: null,
    });
  });
});
