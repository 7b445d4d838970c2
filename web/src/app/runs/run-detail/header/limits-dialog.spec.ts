import { type ConsolePage, ok } from '../../../../testing/console-page';
import { ADMIN, VIEWER, aRun } from '../../../../testing/fixtures';
import { AT, BASE, openRun } from '../../../../testing/run-page';
import type { RunDetail } from '../../run-models';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the limits of a run', () => {
  const HELD: RunDetail = {
    ...aRun({ status: 'running' }),
    budget: { max_cost_usd: 0.5, max_tokens: null, spent_usd: 0.4, spent_tokens: 10 },
    waiting_on: { kind: 'budget', detail: 'The budget of the run has 0.1 left.', since: AT },
  };

  it('are raised where the run waits for its budget', async () => {
    page = await openRun(HELD);
    page.answer(`POST ${BASE}/budget`, ok({}));
    await page.click('Change the limits');
    await page.type('#limit-cost', 'much');
    await page.submit();
    expect(page.sent(`POST ${BASE}/budget`)).toEqual([]);
    await page.type('#limit-cost', '5');
    await page.type('#limit-tokens', '90000');
    await page.submit();
    expect(page.sent(`POST ${BASE}/budget`).map(({ body }) => body as unknown)).toEqual([
      { max_cost_usd: 5, max_tokens: 90_000 },
    ]);
  });

  it.each([
    ['somebody who only looks', HELD, VIEWER],
    ['a run that is over', { ...HELD, status: 'completed' as const, waiting_on: null }, ADMIN],
  ])('are not offered to %s', async (_whom, run, me) => {
    page = await openRun(run, '', me);
    expect(page.text).not.toContain('Change the limits');
  });
});
