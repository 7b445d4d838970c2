import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRun, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Person } from './cli-process.js';

const USES = `echo '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":1000000,"output_tokens":0}}' >> "$ORCHESTRATOR_OUTPUT"`;

describe('orchestrator costs and budgets', () => {
  let api: TestApp;
  let admin: Person;

  beforeAll(async () => {
    api = await startTestApp();
    admin = await Person.of(api.url, api.admin);
    await publish(api.admin, 'spends', [{ name: 'think', steps: [{ id: 'do', command: USES }] }]);
    const id = await createRun(api.admin, 'spends', { auto_advance: true, project_name: 'payments' });
    await runUntil(api.admin, id, ({ status }) => status === 'completed');
  });
  afterAll(async () => {
    await admin.leave();
    await api.stop();
  });

  it('tell what was spent', async () => {
    const { stdout } = await admin.run('costs', '--by', 'project');
    expect(stdout).toMatch(/^PROJECT +COST/mu);
    expect(stdout).toMatch(/^payments +\$3\.00 +1000000 +0 +1 +0 +1$/mu);
    expect(await admin.json('costs', '--from', '2020-01-01', '--to', '2020-01-02')).toMatchObject({
      ...{ rows: [], total: { cost_usd: 0 } },
    });
    expect((await admin.run('costs', '--by', 'mood')).code).toBe(1);
  });

  it('set a budget, change it, list and remove it', async () => {
    const of = ['project', 'payments'];
    const made = await admin.run('budgets', 'set', ...of, '--cost', '4');
    expect(made).toMatchObject({ code: 0, stdout: 'Set: $3.00 of $4.00 spent.\n' });
    await admin.run('budgets', 'set', ...of, '--cost', '6', '--tokens', '2000000');
    const { stdout } = await admin.run('budgets', 'list');
    expect(stdout).toMatch(
      /^project payments +all time +50 % +\$3\.00 of \$6\.00, 1000000 of 2000000 tokens/mu,
    );
    expect(await admin.json('budgets', 'stops')).toEqual({ stops: [] });
    expect((await admin.run('budgets', 'stops')).stdout).toMatch(/^RUN +PROJECT +STEP +NOW +WHY$/mu);
    expect((await admin.run('budgets', 'set', ...of)).stderr).toContain('--cost, --tokens or both');
    expect(await admin.run('budgets', 'remove', ...of)).toEqual({
      code: 0,
      stdout: 'Removed.\n',
      stderr: '',
    });
    expect(await admin.run('budgets', 'remove', ...of)).toMatchObject({ code: 1 });
  });
});
