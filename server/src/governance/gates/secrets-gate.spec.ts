import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE, TOKEN } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a secrets gate', () => {
  const gate: GateDefinition = { ...GATE, kind: 'secrets', scope: 'all' };

  it('names path, line and rule, and never the secret', async () => {
    const leak = artifact('deploy/env.sh', `#!/bin/sh\n# secretlint-disable\nexport TOKEN=${TOKEN}\n`);
    const verdict = await evaluateGate(gate, evidence({ artifacts: [leak, artifact('a.md', 'fine')] }));
    expect(verdict).toMatchObject({ status: 'blocked', actual: '1 secret' });
    expect(verdict.message).toBe('Found deploy/env.sh:3 (github/GITHUB_TOKEN).');
    expect(verdict.evidence.map(({ path, detail }) => [path, detail])).toEqual([
      ['a.md', null],
      ['deploy/env.sh', 'line 3: github/GITHUB_TOKEN'],
    ]);
    expect(JSON.stringify(verdict)).not.toContain(TOKEN.slice(4, 12));
  });

  it('passes clean artifacts, and says which were binary or cut', async () => {
    const artifacts = [
      artifact('logo.png', Buffer.from([137, 80, 0, 0])),
      artifact('big.txt', 'a '.repeat(3 * 1024 ** 2)),
    ];
    const verdict = await evaluateGate(gate, evidence({ artifacts }));
    expect(verdict).toMatchObject({ status: 'passed', actual: '0 secrets' });
    expect(verdict.message).toContain('1 binary skipped; only the first 5 MiB read of big.txt');
  });

  it('does not pass where there was nothing to look at', async () => {
    expect(await evaluateGate(gate, evidence({}))).toMatchObject({ status: 'blocked', actual: null });
    const binary = [artifact('logo.png', Buffer.from([137, 80, 0, 0]))];
    expect(await evaluateGate(gate, evidence({ artifacts: binary }))).toMatchObject({
      status: 'blocked',
      actual: null,
    });
  });

  it('looks only at its glob', async () => {
    const artifacts = [artifact('docs/a.md', 'fine'), artifact('env.sh', `TOKEN=${TOKEN}`)];
    const verdict = await evaluateGate({ ...gate, scope: 'docs/**' }, evidence({ artifacts }));
    expect(verdict).toMatchObject({ status: 'passed', evidence: [{ path: 'docs/a.md' }] });
  });
});
