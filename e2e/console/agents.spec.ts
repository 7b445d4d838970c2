import { finish, promptOf, toolResults, tools, write } from '../../server/test/agents/scripted-agent.js';
import { startModelServer, type ModelServer } from '../../server/test/support/model-server.js';
import {
  expect,
  expectAccessibleInBoth,
  publish,
  signIn,
  startRun,
  test as base,
  withServer,
} from './support/console-test.js';
import type { TestServer } from './support/server.js';

const LONG_MS = 150_000;

/** On a server of its own: no other journey is to find its provider, or what its runs cost. */
const test = base.extend<object, { server: TestServer }>({
  server: [async ({}, use) => withServer(use), { scope: 'worker', timeout: 120_000 }],
});

test.describe.configure({ timeout: 240_000 });

/** A phase that an agent of a model does. */
const PROFILE = `
apiVersion: orchestrator/v1
name: planned
title: Planned
description: An agent writes a plan.
repository: none
phases:
  - name: planning
    title: Planning
    steps:
      - id: plan
        agent: architect
        llm: { role: You plan., task: Write PRD.md. }
        artifacts:
          - { path: PRD.md, type: prd, required: true, description: The plan }
`;

/** Does the step of the profile, and answers the test of the provider. */
function answer(models: ModelServer): void {
  models.answerWith((request) => {
    if (promptOf(request).includes('Answer with the word: ready'))
      return { kind: 'message', text: 'ready', usage: { input: 12, output: 3 } };
    return toolResults(request).length > 0
      ? tools(finish('The plan is written.'))
      : tools(write('PRD.md', '# The plan\n'));
  });
}

test('an agent works as soon as there is a provider, within its budget, and what it said can be read', async ({
  page,
  server,
  api,
}) => {
  const models = await startModelServer();
  answer(models);
  await publish(api, 'planned', PROFILE);
  const waiting = await startRun(api, 'planned', 'bridge');
  await signIn(page, server);

  await test.step('without a provider the run says what it waits for and how to go on', async () => {
    await page.goto(`${server.console}runs/${waiting}`);
    await expect(page.getByText('Planning waits for an agent, or for a delivery by hand.')).toBeVisible({
      timeout: LONG_MS,
    });
    await expect(page.getByText(/provider/u).first()).toBeVisible();
    expect(models.requests).toHaveLength(0);
  });

  await test.step('an administrator adds a provider and tests it', async () => {
    await page.goto(`${server.console}settings/providers`);
    await page.getByLabel('Name').fill('scripted');
    await page.getByLabel('Serves').selectOption('everyone');
    await page.getByLabel('Address').fill(models.url);
    await page.getByLabel('Key').fill('sk-not-a-real-key');
    await page.getByRole('button', { name: 'Add the provider' }).click();
    const row = page.getByRole('row', { name: /scripted/u });
    await row.getByRole('button', { name: 'Test' }).click();
    await expect(row.getByRole('status')).toContainText('The model answered.');
    await expect(page.locator('body')).not.toContainText('sk-not-a-real-key');
    await expectAccessibleInBoth(page);
  });

  await test.step('what waited for it goes on', async () => {
    await page.goto(`${server.console}runs/${waiting}`);
    await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
  });

  await test.step('a run with too small a budget waits; the limit is raised, and it goes on', async () => {
    await page.goto(`${server.console}runs/new?profile=planned`);
    await expect(page.getByRole('region', { name: 'Estimate' })).toContainText('history of 1 run');
    await page.getByRole('textbox', { name: 'Intake' }).fill('A tunnel under the canal.');
    await page.getByLabel('Project name (optional)').fill('tunnel');
    await page.getByLabel('Cost at most, $ (optional)').fill('0.0001');
    await page.getByLabel(/Advance by itself/u).check();
    await page.getByRole('button', { name: 'Start the run' }).click();
    await expect(page.getByText('Planning waits for a larger budget.')).toBeVisible({ timeout: LONG_MS });
    await expect(page.getByText(/raise the budget to go on/u).first()).toBeVisible();
    await page.getByRole('button', { name: 'Change the limits' }).click();
    await page.getByLabel(/Cost at most/u).fill('5');
    await expectAccessibleInBoth(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Change the limits' }).click();
    await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
    await expect(page.locator('header').getByText('of $5.00')).toBeVisible();
  });

  await test.step('the transcript reads as a conversation', async () => {
    await page.getByRole('tab', { name: 'Artifacts' }).click();
    await page.getByRole('button', { name: /plan\.jsonl/u }).click();
    await expect(page.getByText('2 calls · 2,000 tokens in · 200 out')).toBeVisible();
    await page.getByText('Calls write_file').click();
    await expect(page.getByLabel('Calls write_file')).toContainText('"path": "PRD.md"');
    await page.getByText('Request', { exact: true }).click();
    await expect(page.getByLabel('Request')).toContainText('A tunnel under the canal.');
    await expectAccessibleInBoth(page);
  });

  await test.step('what it cost is on the Costs page', async () => {
    await page.getByRole('link', { name: 'Costs' }).click();
    await page.getByRole('button', { name: 'Project' }).click();
    const costs = page.getByRole('region', { name: 'Costs' });
    await expect(costs.getByRole('row', { name: /tunnel/u })).toContainText('$0.009');
    const stopped = page.getByRole('region', { name: 'What budgets stopped' });
    await expect(stopped.getByRole('row', { name: /tunnel/u })).toContainText('planning / plan');
    await expectAccessibleInBoth(page);
  });
  await models.stop();
});
