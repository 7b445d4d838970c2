import { writeFile } from 'node:fs/promises';
import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';

/** Builds, asks, and then holds on until somebody ends it or the file appears. */
const held = (file: string): string => `
apiVersion: orchestrator/v1
name: held
title: Held
repository: none
phases:
  - name: build
    title: Build
    steps:
      - id: compile
        command: 'echo compiled > "$ORCHESTRATOR_ARTIFACTS/build.txt"'
  - name: review
    title: Review
    steps:
      - id: signoff
        approval: { role: member, count: 1, self_approval: true }
  - name: hold
    title: Hold
    steps:
      - id: wait
        command: |
          echo 'holding on'
          while [ ! -e '${file}' ]; do sleep 0.1; done
          echo 'let go'
`;

test.describe.configure({ timeout: 300_000 });

const APPROVAL = 'Review waits for an approval.';

test('somebody rolls a run back, and cancels it while a step executes', async ({
  page,
  server,
  api,
}, info) => {
  await publish(api, 'held', held(info.outputPath('never')));
  const id = await startRun(api, 'held', 'second thoughts');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  await expect(page.getByText(APPROVAL)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Completed Build/ }).click();
  await page.getByRole('button', { name: 'Roll back to here' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Review (awaiting approval)');
  await expectAccessibleInBoth(page);
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByText('Review is ready to start.')).toBeVisible();
  await expectAccessibleInBoth(page);

  await page.getByRole('button', { name: 'Start Review' }).click();
  await expect(page.getByText(APPROVAL)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Approve', exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Hold is executing.')).toBeVisible({ timeout: 60_000 });
  const phases = page.getByRole('navigation', { name: 'Phases and steps' });
  await phases.getByRole('button', { name: /Hold/ }).click();
  await expect(page.getByRole('log')).toContainText('holding on');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Cancel the run' }).click();
  await expectAccessibleInBoth(page);
  await dialog.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByText('Cancelled in Hold; nothing more will happen.')).toBeVisible();
  await expectAccessibleInBoth(page);
});

test('somebody watches the log of a step while it prints', async ({ page, server, api }, info) => {
  const file = info.outputPath('go');
  await publish(api, 'held', held(file).replace(/ {2}- name: review[\s\S]*(?= {2}- name: hold)/, ''));
  const id = await startRun(api, 'held', 'watched');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  const log = page.getByRole('log');
  await expect(log).toContainText('holding on', { timeout: 60_000 });
  await expect(log).not.toContainText('let go');
  await expectAccessibleInBoth(page);
  await writeFile(file, '');
  await expect(log).toContainText('let go');
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
});
