import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a links gate', () => {
  const gate: GateDefinition = { ...GATE, kind: 'links', artifact: '**/*.md' };

  it('finds links and images that lead nowhere, with their lines', async () => {
    const readme = artifact(
      'docs/README.md',
      'See [the plan](../PRD.md#scope), [gone](gone.md)\nand ![logo](<img/a b.png>).\n\n[ref]: ../lost.md\n[x][ref] [web](https://example.org) [top](#top) `[code](none.md)`\n',
    );
    const artifacts = [readme, artifact('PRD.md', 'x'), artifact('docs/img/a b.png', Buffer.from([0]))];
    const verdict = await evaluateGate(gate, evidence({ artifacts }));
    expect(verdict).toMatchObject({ status: 'blocked', actual: '2 broken links' });
    expect(verdict.message).toBe(
      'Found docs/README.md:1 (leads to gone.md), docs/README.md:5 (leads to ../lost.md).',
    );
  });

  it('accepts links to further files and their folders', async () => {
    const artifacts = [artifact('README.md', '[code](src/main.ts) [folder](src/) [root](/src) [me](.)')];
    expect((await evaluateGate(gate, evidence({ artifacts }), ['src/main.ts'])).status).toBe('passed');
    expect((await evaluateGate(gate, evidence({ artifacts }))).status).toBe('blocked');
  });

  it('does not pass where there is no Markdown', async () => {
    const verdict = await evaluateGate(gate, evidence({ artifacts: [artifact('a.txt', '[x](y)')] }));
    expect(verdict).toMatchObject({ status: 'blocked', actual: null, evidence: [] });
  });
});
