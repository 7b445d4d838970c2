import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, MEMBER } from '../../testing/fixtures';
import { daysFrom, everyDay } from './cost-choices';
import type { Budget, BudgetStop, Costs, Price, UnknownCall } from './costs-gateway';

const SUMS = {
  ...{ cost_usd: 1.5, input_tokens: 1000, output_tokens: 20, cache_read_tokens: 0, cache_write_tokens: 0 },
  ...{ calls: 3, unpriced_calls: 1, runs: 2 },
};
const someCosts = (more: Partial<Costs> = {}): Costs => ({
  ...{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z', by: 'day', own_only: false },
  ...{ total: SUMS, rows_capped: false },
  rows: [{ key: '2026-11-22', name: '2026-11-22', ...SUMS }],
  ...more,
});
const BUDGET: Budget = {
  ...{ budget_id: 'b-1', kind: 'project', subject: 'payments', subject_name: null, period: 'month' },
  ...{ month: '2026-11', max_cost_usd: 10, max_tokens: null, spent_usd: 8, spent_tokens: 100 },
  ...{ reserved_usd: 1, reserved_tokens: 50, unknown_usd: 1, unknown_calls: 1, unpriced_calls: 0 },
  ...{ left_usd: 1, left_tokens: null, percent: 90, stopped: { runs: 1, steps: 1, refusals: 2 } },
  ...{ created_at: '2026-11-01T00:00:00.000Z', updated_at: '2026-11-01T00:00:00.000Z' },
};
const CALL: UnknownCall = {
  ...{ call_id: 'c-1', run_id: 'r-1', project: 'payments', phase: 'plan', step: 'write' },
  ...{ provider: 'anthropic', model: 'claude-sonnet-4-5', reserved_usd: 1, reserved_tokens: 50 },
  at: '2026-11-22T12:00:00.000Z',
};
const STOP: BudgetStop = {
  ...{ run_id: 'r-1', project_name: 'payments', phase: 'plan', step: 'write', budget: 'b-1', refusals: 2 },
  ...{ message: 'The budget of project payments is used up.', waiting: true },
  ...{ first_at: '2026-11-22T12:00:00.000Z', last_at: '2026-11-22T12:00:00.000Z' },
};
const PRICE: Price = {
  ...{ provider: 'anthropic', model: 'claude-sonnet-4-5', input: '3', output: '15', cache_read: '0.30' },
  ...{ cache_write: '3.75', long_context: null, source: 'somewhere', date: '2025-09-29', overridden: true },
};

const open = (url = '/costs', me = ADMIN, answers = {}) =>
  ConsolePage.open(url, me, {
    'GET /costs': ok(someCosts()),
    'GET /budgets': ok({ budgets: [BUDGET] }),
    'GET /budgets/stops': ok({ stops: [STOP] }),
    'GET /budgets/calls': ok({ calls: [CALL] }),
    'GET /prices': ok({ prices: [PRICE] }),
    'GET /users': ok({ users: [], total: 0, limit: 200, offset: 0 }),
    ...answers,
  });
let page: ConsolePage;

describe('the costs page', () => {
  afterEach(() => {
    page.close();
  });

  it('shows what was spent, and what has no price as not known', async () => {
    page = await open('/costs', ADMIN, {
      'GET /costs': ok(
        someCosts({
          by: 'model',
          rows: [
            { key: 'a/b', name: 'a/b', ...SUMS },
            { key: 'c/d', name: 'c/d', ...SUMS, cost_usd: null },
          ],
        }),
      ),
    });
    expect(page.text).toContain('Cost$1.50');
    expect(page.text).toContain('Calls without a price1not in the cost');
    expect(page.text).toContain('One row has no known price and no bar');
    expect(page.all('section[aria-label=Costs] tbody tr').map((row) => row.textContent.trim())).toEqual([
      expect.stringContaining('$1.50'),
      expect.stringContaining('no price known'),
    ]);
  });

  it('asks again for another time and another grouping, which stand in the address', async () => {
    page = await open();
    await page.click('Person');
    await page.until(() => page.url.includes('by=person'));
    await page.click('7 days');
    await page.until(() => page.url.includes('days=7'));
    const last = page.sent('GET /costs').at(-1);
    expect(last?.params.get('by')).toBe('person');
    expect(last?.params.get('from')).toMatch(/T00:00:00.000Z$/u);
  });

  it('says whose costs they are, and shows no buttons, to whoever may not manage budgets', async () => {
    const member = { ...MEMBER, permissions: ['runs:read', 'costs:read'] as typeof MEMBER.permissions };
    page = await open('/costs', member, { 'GET /costs': ok(someCosts({ own_only: true, rows: [] })) });
    expect(page.text).toContain('Cost of your runs');
    expect(page.text).toContain('No model was called');
    expect(page.text).not.toContain('New budget');
    expect(page.sent('GET /budgets/calls')).toEqual([]);
  });

  it('shows what budgets hold and what they stopped, and settles a call whose outcome is unknown', async () => {
    page = await open();
    expect(page.text).toContain('$8.00 of $10.00');
    expect(page.text).toContain('1 step of 1 run, 2 calls');
    page.answer('POST /budgets/calls/c-1/settle', ok(null, 204));
    await page.type('[aria-label="Input tokens"]', '12');
    await page.type('[aria-label="Output tokens"]', '3');
    await page.click('Settle');
    await page.until(() => page.sent('POST /budgets/calls/c-1/settle').length === 1);
    expect(page.sent('POST /budgets/calls/c-1/settle')[0]?.body).toEqual({
      ...{ input_tokens: 12, output_tokens: 3 },
    });
    await page.until(() => page.sent('GET /budgets').length === 2);
  });

  it('names the runs that budgets stopped, why, and whether they wait still', async () => {
    page = await open();
    const rows = page.all('[aria-label="What budgets stopped"] tbody tr');
    expect(rows).toHaveLength(1);
    for (const words of ['payments', 'plan / write', 'waits', 'The budget of project payments is used up.']) {
      expect(rows[0]?.textContent).toContain(words);
    }
    expect(page.find('[aria-label="What budgets stopped"] tbody a').getAttribute('href')).toContain(
      '/runs/r-1',
    );
    page.close();
    page = await open('/costs', ADMIN, { 'GET /budgets/stops': ok({ stops: [] }) });
    expect(page.text).not.toContain('What budgets stopped');
  });

  it('makes a budget, and keeps what was typed where the server refuses it', async () => {
    page = await open();
    page.answer('POST /budgets', problem(409, 'There is a budget for this already.'));
    await page.click('New budget');
    await page.type('#budget-kind', 'project');
    await page.type('#budget-subject', 'payments');
    await page.type('#budget-cost', '12.5');
    page.confirm();
    await page.until(() => page.text.includes('There is a budget for this already.'));
    expect(page.sent('POST /budgets')[0]?.body).toEqual({
      ...{ kind: 'project', subject: 'payments', period: 'none', max_cost_usd: 12.5, max_tokens: null },
    });
    page.answer('POST /budgets', ok(BUDGET, 201));
    page.confirm();
    await page.until(() => page.sent('GET /budgets').length === 2);
  });

  it('asks for a limit before it makes a budget', async () => {
    page = await open();
    await page.click('New budget');
    page.confirm();
    await page.until(() => page.text.includes('Set a limit in dollars, in tokens, or both.'));
    expect(page.sent('POST /budgets')).toEqual([]);
  });

  it('changes the limits of a budget, and removes it after a question', async () => {
    page = await open();
    page.answer('PUT /budgets/b-1', ok(BUDGET));
    page.answer('GET /budgets', ok({ budgets: [{ ...BUDGET, max_cost_usd: 20 }] }));
    page.find('[aria-label="Change the budget of Project payments"]').click();
    await page.settle();
    await page.type('#budget-cost', '20');
    page.confirm();
    await page.until(() => page.sent('PUT /budgets/b-1').length === 1);
    expect(page.sent('PUT /budgets/b-1')[0]?.body).toEqual({ max_cost_usd: 20, max_tokens: null });
    await page.until(() => page.sent('GET /budgets/stops').length === 2);
    page.answer('DELETE /budgets/b-1', ok(null, 204));
    await page.until(() => page.all('mat-dialog-container').length === 0);
    page.find('[aria-label="Remove the budget of Project payments"]').click();
    await page.settle();
    page.confirm();
    await page.until(() => page.sent('DELETE /budgets/b-1').length === 1);
  });

  it('shows the prices when they are opened, sets one and takes it back', async () => {
    page = await open();
    expect(page.sent('GET /prices')).toEqual([]);
    const details = page.find('details') as HTMLDetailsElement;
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    await page.until(() => page.text.includes('set here'));
    page.answer('PUT /prices/anthropic/claude-sonnet-4-5', ok(PRICE));
    page.find('[aria-label="Change the price of claude-sonnet-4-5"]').click();
    await page.settle();
    await page.type('#price-input', '2.5');
    await page.click('Set the price');
    await page.until(() => page.sent('PUT /prices/anthropic/claude-sonnet-4-5').length === 1);
    expect(page.sent('PUT /prices/anthropic/claude-sonnet-4-5')[0]?.body).toEqual({
      ...{ input: '2.5', output: '15', cache_read: '0.30', cache_write: '3.75' },
    });
    page.answer('DELETE /prices/anthropic/claude-sonnet-4-5', ok(null, 204));
    page.find('[aria-label="Take back the price of claude-sonnet-4-5"]').click();
    await page.until(() => page.sent('DELETE /prices/anthropic/claude-sonnet-4-5').length === 1);
  });
});

describe('a time to look back', () => {
  it('begins at midnight (UTC) and contains today', () => {
    expect(daysFrom(7, new Date('2026-11-30T13:00:00Z'))).toBe('2026-11-24T00:00:00.000Z');
    expect(daysFrom(1, new Date('2026-11-30T13:00:00Z'))).toBe('2026-11-30T00:00:00.000Z');
  });
});

describe('the days of a chart', () => {
  it('are all there, those without a call as well', () => {
    const rows = [
      { key: '2026-11-29', cost_usd: 2 },
      { key: '2026-11-30', cost_usd: null },
    ];
    expect(everyDay(rows, '2026-11-28T00:00:00.000Z', '2026-11-30T10:00:00.000Z')).toEqual([
      { label: '2026-11-28', values: [0] },
      { label: '2026-11-29', values: [2] },
      { label: '2026-11-30', values: [0] },
    ]);
  });
});

describe('a budget', () => {
  afterEach(() => {
    page.close();
  });

  it('that is used up says so in words', async () => {
    page = await open('/costs', ADMIN, {
      'GET /budgets': ok({ budgets: [BUDGET, { ...BUDGET, budget_id: 'b-2', percent: 120 }] }),
    });
    const rows = page.all('section[aria-label=Budgets] tbody tr').map(({ textContent }) => textContent);
    expect(rows.map((text) => text.includes('used up'))).toEqual([false, true]);
  });
});
