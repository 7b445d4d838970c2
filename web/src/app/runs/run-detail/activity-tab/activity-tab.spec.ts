import { ConsolePage, ok, problem } from '../../../../testing/console-page';
import { ADMIN, aRun } from '../../../../testing/fixtures';
import { AT, BASE, change } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the activity', () => {
  const event = (seq: number, type: string, data = {}) => ({
    seq,
    type,
    at: AT,
    actor: seq === 1 ? { kind: 'user', id: 'u', name: 'Ada' } : null,
    phase: 'test',
    step: null,
    attempt: seq,
    data,
  });

  it('tells everything that happened, newest first, and goes on where it was', async () => {
    page = await ConsolePage.open(`${BASE}/activity`, ADMIN, {
      [`GET ${BASE}`]: ok(aRun()),
      [`GET ${BASE}/events`]: (request) =>
        request.params.get('after') === '0'
          ? ok({ events: [event(1, 'run.created')], next_after: 1 })
          : ok({ events: [event(2, 'phase.started', { reason: 'retry' })], next_after: null }),
    });
    await page.until(() => page.text.includes('2 events'));
    expect(page.all('li').map((item) => item.querySelector('.seq')?.textContent)).toEqual(['2', '1']);
    expect(page.text).toContain('attempt 2');
    page.answer(`GET ${BASE}/events`, ok({ events: [event(3, 'phase.completed')], next_after: null }));
    page.answer(`GET ${BASE}`, ok(aRun({ updated_at: '2026-11-22T12:00:09.000Z' })));
    change();
    await page.until(() => page.text.includes('3 events'));
    await page.type('o-activity-tab input', 'ada');
    expect(page.text).toContain('1 event');
    await page.type('o-activity-tab input', 'nobody');
    expect(page.text).toContain('No event is like this.');
  });

  it('says why it could not be read', async () => {
    page = await ConsolePage.open(`${BASE}/activity`, ADMIN, {
      [`GET ${BASE}`]: ok(aRun()),
      [`GET ${BASE}/events`]: problem(500, 'Internal error'),
      [`GET ${BASE}/comments`]: ok({ comments: [] }),
    });
    await page.until(() => page.text.includes('Internal error'));
    page.answer(`GET ${BASE}/events`, ok({ events: [], next_after: null }));
    await page.click('Try again');
    await page.until(() => page.text.includes('Nothing has happened yet.'));
  });
});
