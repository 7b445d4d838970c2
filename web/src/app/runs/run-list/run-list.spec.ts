import { MatSelectHarness } from '@angular/material/select/testing';
import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, aSummary, VIEWER } from '../../../testing/fixtures';
import { aProfile } from '../../../testing/profile-fixtures';
import type { RunSummary } from '../run-models';

const list = (runs: readonly RunSummary[], total = runs.length) =>
  ok({ runs, total, total_capped: false, limit: 50, offset: 0, next_cursor: null });
const PROFILES = ok({ profiles: [aProfile()], total: 1, limit: 200, offset: 0 });
const listed = () => page.sent('GET /runs').filter((request) => request.params.get('limit') === '50');
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the list of runs', () => {
  it('shows where each run stands and what it waits for', async () => {
    const run = aSummary({
      status: 'failed',
      waived_gates: 1,
      cost_usd: 1.5,
      waiting_on: { kind: 'advance', since: '2026-11-22T12:00:00Z', detail: 'Mend it, or waive the gate.' },
    });
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([run]) });
    for (const words of ['payments', 'Failed', 'a retry or a waiver', 'waived', '$1.50', '1–1 of 1']) {
      expect(page.text).toContain(words);
    }
    expect(page.find('[role=img]').getAttribute('aria-label')).toBe('Build: completed, Test: in progress');
    expect(page.find('tbody a').getAttribute('href')).toContain(run.run_id);
  });

  it('offers the first run where there is none, but not to somebody who may only look', async () => {
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([]) });
    expect(page.text).toContain('Start the first run');
    page.close();
    page = await ConsolePage.open('/runs', VIEWER, { 'GET /runs': list([]) });
    expect(page.text).toContain('No runs yet');
    expect(page.text).not.toContain('Start the first run');
  });

  it('does one thing with many runs, after a question where it is final, and tells what came of each', async () => {
    const runs = [
      aSummary({ run_id: 'r-1', project_name: 'one' }),
      aSummary({ run_id: 'r-2', project_name: 'two' }),
    ];
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list(runs) });
    const results = [
      { run_id: 'r-1', ok: true, code: null, detail: null },
      { run_id: 'r-2', ok: false, code: 'run_finished', detail: 'The run is completed.' },
    ];
    page.answer('POST /runs/bulk', ok({ results }));
    page.find('input[aria-label="Choose all runs of the page"]').click();
    await page.settle();
    expect(page.text).toContain('2 chosen');
    await page.click('Cancel');
    expect(page.sent('POST /runs/bulk')).toEqual([]);
    page.confirm();
    await page.until(() => page.text.includes('1 of 2 cancelled.'));
    expect(page.sent('POST /runs/bulk')[0]?.body).toEqual({ action: 'cancel', run_ids: ['r-1', 'r-2'] });
    expect(page.find('o-bulk-bar .outcome').textContent.replace(/\s+/g, ' ')).toContain(
      'The run is completed. two',
    );
    page.find('input[aria-label="Choose two"]').click();
    await page.settle();
    page.answer('POST /runs/bulk', ok({ results: results.slice(0, 1) }));
    await page.click('Pause');
    await page.until(() => page.text.includes('1 of 1 paused.'));
    expect(page.text).not.toContain('chosen');
    await page.click('Close');
    expect(page.all('o-bulk-bar .outcome')).toEqual([]);
  });

  it('chooses a range with Shift, and row by row with the arrows', async () => {
    const runs = ['a', 'b', 'c', 'd'].map((name) => aSummary({ run_id: name, project_name: name }));
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list(runs) });
    const boxes = () => page.all('tbody input') as HTMLInputElement[];
    const chosen = () => boxes().map(({ checked }) => checked);
    const shiftClick = async (index: number) => {
      boxes()[index]?.dispatchEvent(
        new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }),
      );
      await page.settle();
    };
    boxes()[0]?.click();
    await shiftClick(2);
    expect(chosen()).toEqual([true, true, true, false]);
    await shiftClick(1);
    expect(chosen()).toEqual([true, false, false, false]);
    const press = async (key: string, shiftKey = false) => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
      await page.settle();
    };
    boxes()[1]?.focus();
    await press('ArrowDown');
    expect(document.activeElement).toBe(boxes()[2]);
    expect(chosen()).toEqual([true, false, false, false]);
    await press('ArrowDown', true);
    expect(chosen()).toEqual([true, false, true, true]);
    await press('ArrowDown', true);
    expect(document.activeElement).toBe(boxes()[3]);
  });

  it('says what was spent this month to whoever may see costs, and to nobody else', async () => {
    const month = new Date().toISOString().slice(0, 7);
    const sums = { cost_usd: 12.5, calls: 1, runs: 1 };
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': list([aSummary()]),
      'GET /costs': ok({ by: 'day', total: sums, rows: [{ key: `${month}-01`, ...sums }] }),
    });
    expect(page.find('o-spent-tile').textContent).toContain('$12.50');
    expect(page.sent('GET /costs')[0]?.params.get('from')).toBe(`${month}-01T00:00:00.000Z`);
    expect(page.find('o-spent-tile rect').getAttribute('height')).toBe('24');
    page.close();
    page = await ConsolePage.open('/runs', VIEWER, { 'GET /runs': list([aSummary()]) });
    expect(page.all('o-spent-tile')).toEqual([]);
    expect(page.sent('GET /costs')).toEqual([]);
  });

  it('is at once as it was left for whoever comes back, and is read again', async () => {
    page = await ConsolePage.open('/runs?q=pay', ADMIN, { 'GET /runs': list([aSummary()]) });
    await page.go('/approvals');
    page.answer('GET /runs', problem(500, 'Internal error'));
    await page.back('/runs?q=pay');
    expect(page.find('tbody').textContent).toContain('payments');
    page.answer('GET /runs', list([aSummary({ project_name: 'renamed' })]));
    await page.click('Try again');
    expect(page.find('tbody').textContent).toContain('renamed');
    page.answer('GET /runs', problem(500, 'Internal error'));
    await page.go('/approvals');
    await page.go('/runs?q=pay');
    expect(page.all('tbody')).toEqual([]);
  });

  it('offers nothing but a comparison to somebody who may only look', async () => {
    page = await ConsolePage.open('/runs', VIEWER, { 'GET /runs': list([aSummary()]) });
    page.find('input[aria-label="Choose payments"]').click();
    await page.settle();
    expect(page.all('[role=toolbar] button').map(({ textContent }) => textContent.trim())).toEqual([
      'Choose none',
    ]);
  });

  it('reads its filters from the address, all of them', async () => {
    page = await ConsolePage.open(
      '/runs?status=failed&q=pay&owner=me&metadata=ticket%3DOPS-1&sort=cost_usd',
      ADMIN,
      {
        'GET /runs': list([]),
        'GET /profiles': PROFILES,
      },
    );
    const { params } = listed()[0] as NonNullable<ReturnType<typeof listed>[0]>;
    expect(params.getAll('status')).toEqual(['failed']);
    expect([params.get('q'), params.get('owner'), params.get('metadata.ticket'), params.get('sort')]).toEqual(
      ['pay', 'me', 'OPS-1', 'cost_usd'],
    );
    expect(page.text).toContain('No run matches');
    await page.click('Clear the filters');
    expect(page.url).toBe('/runs?sort=cost_usd');
  });

  it('writes what is chosen into the address, and starts at the first page again', async () => {
    page = await ConsolePage.open('/runs?offset=50', ADMIN, {
      'GET /runs': list([aSummary()], 200),
      'GET /profiles': PROFILES,
    });
    const selects = await page.during(page.loader.getAllHarnesses(MatSelectHarness));
    const choose = async (index: number, text: string) => {
      await page.during(
        selects[index]?.clickOptions({ text }) ?? Promise.reject(new Error('No such select')),
      );
    };
    await choose(0, 'Failed');
    await page.settle();
    expect(page.url).toBe('/runs?status=failed');
    await choose(1, 'self_hardening');
    await choose(2, 'an approval');
    await page.settle();
    expect(page.url).toBe('/runs?status=failed&profile=self_hardening&waiting_on=approval');
    await page.type('input[type=search]', 'pay', 'change');
    expect(page.url).toContain('q=pay');
    await page.click('More filters');
    await page.type('input[placeholder="key=value"]', 'a=b', 'change');
    page.field('search input[type=checkbox]').click();
    await page.settle();
    expect(page.url).toContain('metadata=a%3Db');
    expect(page.url).toContain('archived=true');
    await page.click('Clear');
    expect(page.url).toBe('/runs');
  });

  it('narrows by its figures and widens by the same click', async () => {
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([aSummary()], 7) });
    const tile = () => page.all('o-run-tiles button').find((button) => button.textContent.includes('Failed'));
    await page.until(() => tile()?.textContent.includes('7') === true);
    tile()?.click();
    await page.settle();
    expect(page.url).toBe('/runs?status=failed');
    expect(tile()?.getAttribute('aria-pressed')).toBe('true');
    tile()?.click();
    await page.settle();
    expect(page.url).toBe('/runs');
  });

  it('sorts by a column and turns pages', async () => {
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': ok({
        runs: [aSummary()],
        total: 120,
        total_capped: true,
        limit: 50,
        offset: 0,
        next_cursor: null,
      }),
    });
    expect(page.text).toContain('1–1 of 120+');
    await page.click('Cost');
    expect(page.url).toBe('/runs?sort=-cost_usd');
    expect(page.find('th[aria-sort]').textContent).toContain('Cost');
    page.find('[aria-label="Next page"]').click();
    await page.settle();
    expect(page.url).toBe('/runs?sort=-cost_usd&offset=50');
    page.find('[aria-label="Newer page"]').click();
    await page.settle();
    expect(page.url).toBe('/runs?sort=-cost_usd');
  });

  it('shows why it could not be read, and a way on', async () => {
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': problem(500, 'Internal error', { error_id: 'e-7' }),
    });
    expect(page.text).toContain('e-7');
    page.answer('GET /runs', list([aSummary()]));
    await page.click('Try again');
    expect(page.text).toContain('payments');
  });

  it('learns of changes without anything being done', async () => {
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([aSummary()]) });
    page.answer('GET /runs', list([aSummary({ status: 'completed' })]));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.find('tbody').textContent.includes('Completed'));
  });

  it('reads again what changed while it was being read', async () => {
    let asked = 0;
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': (request) => {
        if (request.params.get('limit') !== '50') return list([]);
        asked += 1;
        if (asked === 1) document.dispatchEvent(new Event('visibilitychange'));
        return list([aSummary({ status: asked === 1 ? 'running' : 'completed' })]);
      },
    });
    await page.until(() => page.find('tbody').textContent.includes('Completed'));
  });

  it('renews rows in their places, and shows new runs only when asked', async () => {
    const one = (id: string, change: Partial<RunSummary> = {}) =>
      aSummary({ run_id: id, project_name: id, ...change });
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([one('b'), one('a')]) });
    const shown = () => page.all('tbody .project a').map(({ textContent }) => textContent);
    page.answer('GET /runs', list([one('c'), one('a', { status: 'failed' }), one('b')]));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.text.includes('1 new run'));
    expect(shown()).toEqual(['b', 'a']);
    expect(page.find('tbody').textContent).toContain('Failed');
    await page.click('1 new run');
    expect(shown()).toEqual(['c', 'a', 'b']);
    expect(page.text).not.toContain('1 new run');
    page.answer('GET /runs', list([one('a'), one('b')]));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.text.includes('Renew the list'));
    expect(page.all('tr.gone')).toHaveLength(1);
  });

  it('says how many runs wait for this person', async () => {
    const item = { run_id: 'r', project_name: 'p', profile: 'x', phase: 'y', step: 'z', kind: 'approval' };
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': list([aSummary()]),
      'GET /approvals': ok({
        items: [
          { ...item, since: '2026-11-22T12:00:00Z', may_act: true, reason: null },
          { ...item, since: '2026-11-22T12:00:00Z', may_act: false, reason: 'Not yours.' },
        ],
      }),
    });
    expect(page.find('o-run-tiles a').textContent.replace(/\s+/g, ' ').trim()).toBe('1Waiting for me');
  });
});

describe('saved views', () => {
  afterEach(() => {
    localStorage.clear();
  });
  const openMenu = async () => {
    page.find('o-view-menu button').click();
    await page.settle();
  };

  it('keep filters and order under a name, apart for each person', async () => {
    page = await ConsolePage.open('/runs?status=failed&sort=cost_usd&offset=50', ADMIN, {
      'GET /runs': list([aSummary()]),
    });
    await openMenu();
    await page.click('Save this view…');
    await page.type('mat-dialog-container textarea', 'Expensive failures');
    page.confirm();
    await page.until(() => page.find('o-view-menu').textContent.includes('Expensive failures'));
    await page.go('/runs');
    expect(page.find('o-view-menu').textContent).toContain('Views');
    await openMenu();
    await page.click('Expensive failures');
    expect(page.url).toBe('/runs?status=failed&sort=cost_usd');
    page.close();
    page = await ConsolePage.open('/runs', VIEWER, { 'GET /runs': list([aSummary()]) });
    await openMenu();
    expect(page.text).toContain('No view is saved yet.');
    page.close();
    page = await ConsolePage.open('/runs?status=failed&sort=cost_usd', ADMIN, {
      'GET /runs': list([aSummary()]),
    });
    await openMenu();
    await page.click('Remove “Expensive failures”');
    expect(page.find('o-view-menu').textContent).toContain('Views');
  });

  it('are none where what is kept cannot be read', async () => {
    localStorage.setItem('orchestrator.views.u-1', '{broken');
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': list([aSummary()]) });
    await openMenu();
    expect(page.text).toContain('No view is saved yet.');
  });
});
