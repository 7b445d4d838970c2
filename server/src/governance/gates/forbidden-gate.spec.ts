import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import { evaluateGate } from './evaluate-gate.js';

describe('a forbidden gate', () => {
  const gate = (...patterns: string[]): GateDefinition => ({
    ...GATE,
    kind: 'forbidden',
    patterns,
    artifact: '**',
  });

  it('names the lines on which a pattern occurs, not the text', async () => {
    const artifacts = [artifact('a.ts', 'ok\nconsole.log("private")\n\n  debugger;\n')];
    const verdict = await evaluateGate(
      gate('console\\.log\\(.*\\)', '^\\s*debugger'),
      evidence({ artifacts }),
    );
    expect(verdict).toMatchObject({ status: 'blocked', actual: '2 findings' });
    expect(verdict.message).toBe(
      'Found a.ts:2 (matches console\\.log\\(.*\\)), a.ts:4 (matches ^\\s*debugger).',
    );
    expect(verdict.message).not.toContain('private');
  });

  it('passes where nothing matches, and not where nothing was there', async () => {
    expect((await evaluateGate(gate('x'), evidence({ artifacts: [artifact('a', 'b')] }))).status).toBe(
      'passed',
    );
    expect(await evaluateGate(gate('x'), evidence({}))).toMatchObject({ status: 'blocked', actual: null });
  });

  it('blocks within seconds on a pattern that backtracks without end', async () => {
    const artifacts = [artifact('a', `${'a'.repeat(60)}!`), artifact('b', `${'a'.repeat(60)}!`)];
    const started = performance.now();
    const verdict = await evaluateGate(gate('^(a+)+$'), evidence({ artifacts }));
    expect(verdict).toMatchObject({ status: 'blocked', message: 'Found a:1 (^(a+)+$ took too long).' });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('blocks on a pattern that is none', async () => {
    const verdict = await evaluateGate(gate('('), evidence({ artifacts: [artifact('a', 'b')] }));
    expect(verdict).toMatchObject({ status: 'blocked', message: 'Found a:1 (( is not a valid pattern).' });
  });
});
