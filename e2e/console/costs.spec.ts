import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';

/** A phase whose command says which model it used. */
const PROFILE = `
apiVersion: orchestrator/v1
name: spends
title: Spends
description: Says that it used two models.
repository: none
phases:
  - name: think
    title: Think
    steps:
      - id: ask
        command: |
          echo '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":900000,"output_tokens":20000}}' >> "$ORCHESTRATOR_OUTPUT"
          echo '{"usage":{"provider":"local","model":"no-price","input_tokens":1000,"output_tokens":10}}' >> "$ORCHESTRATOR_OUTPUT"
`;

test('what runs cost, a budget for them, and what a run may cost', async ({ page, server, api }) => {
  await publish(api, 'spends', PROFILE);
  const run = await startRun(api, 'spends', 'payments');
  await expect
    .poll(async () => ((await (await api.get(`/runs/${run}`)).json()) as { status: string }).status)
    .toBe('completed');
  await signIn(page, server);
  await page.getByRole('link', { name: 'Costs' }).click();
  await expect(page.getByText('$3.00').first()).toBeVisible();
  await expect(page.locator('canvas')).toBeVisible();

  await page.getByRole('button', { name: 'New budget' }).click();
  await page.getByLabel('What counts').selectOption({ label: 'The runs of a project' });
  await page.getByLabel('Project', { exact: true }).fill('payments');
  await page.getByLabel('Cost at most, $').fill('3.50');
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Set the budget' }).click();
  const row = page.getByRole('row', { name: 'Project payments' });
  await expect(row).toContainText('85 %');
  await expect(row).toContainText('$3.00 of $3.50');

  await page.getByRole('button', { name: 'Model' }).click();
  await expect(page.getByRole('row', { name: /local\/no-price/u })).toContainText('no price known');
  await page.getByText('US dollars per million tokens').click();
  await expect(page.getByRole('cell', { name: 'claude-sonnet-4-5', exact: true })).toBeVisible();
  await expectAccessibleInBoth(page);

  await page.goto(`${server.console}runs/new?profile=spends`);
  const estimate = page.getByRole('region', { name: 'Estimate' });
  await expect(estimate).toContainText('history of 1 run');
  await expect(estimate).toContainText('921,010');
});
