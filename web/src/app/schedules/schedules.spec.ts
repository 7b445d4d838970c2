import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, RUN_ID, VIEWER } from '../../testing/fixtures';
import { aProfile } from '../../testing/profile-fixtures';
import { cronWords, zonedTime } from './schedule-words';
import type { Schedule, ScheduleDetail } from './schedules-gateway';

const PROFILES = ok({ profiles: [aProfile({ repository: 'none' })], total: 1, limit: 200, offset: 0 });
const KEEPER = { ...ADMIN, permissions: [...ADMIN.permissions, 'schedules:manage' as const] };
const AT = '2026-11-23T06:00:00.000Z';
const aSchedule = (change: Partial<Schedule> = {}): Schedule => ({
  schedule_id: 's-1',
  name: 'Weekly hardening',
  cron: '0 6 * * 1',
  time_zone: 'UTC',
  enabled: true,
  overlap: 'skip',
  catch_up: 'once',
  next_run_at: AT,
  next_times: [AT],
  last_run_id: RUN_ID,
  owner_id: 'u-1',
  run: { profile: 'self_hardening', template: 'weekly', intake: 'Harden it.' },
  created_at: AT,
  updated_at: AT,
  ...change,
});
const detail = (change: Partial<ScheduleDetail> = {}): ScheduleDetail => ({
  ...aSchedule(),
  ticks: [
    { scheduled_at: AT, at: AT, outcome: 'started', run_id: RUN_ID, detail: null },
    {
      scheduled_at: '2026-11-16T06:00:00.000Z',
      at: AT,
      outcome: 'skipped',
      run_id: null,
      detail: 'The run of the tick before is not over.',
    },
  ],
  ...change,
});
const answers = {
  'GET /profiles': PROFILES,
  'GET /schedules': ok({ schedules: [aSchedule()] }),
  'GET /schedules/s-1': ok(detail()),
  'POST /schedules/preview': ok({ next_times: [AT] }),
};

let page: ConsolePage;
afterEach(() => {
  page.close();
  sessionStorage.clear();
});

describe('schedules', () => {
  it('say when they are due and what they made last', async () => {
    page = await ConsolePage.open('/schedules', KEEPER, answers);
    expect(page.text).toContain('Mondays at 06:00');
    expect(page.find(`a[href="/runs/${RUN_ID}"]`).textContent).toBe(RUN_ID.slice(-8));
  });

  it('are not in the navigation of somebody who cannot have any', async () => {
    page = await ConsolePage.open('/templates', VIEWER, { 'GET /templates': ok({ templates: [] }) });
    expect(page.find('nav').textContent).not.toContain('Schedules');
    expect(page.find('nav').textContent).toContain('Workers');
  });

  it('that do not exist say so, and lead to those that do', async () => {
    for (const url of ['/schedules/gone', '/schedules/gone/edit']) {
      page = await ConsolePage.open(url, KEEPER, answers);
      await page.until(() => page.text.includes('There is no such schedule'));
      expect(page.control('All schedules').getAttribute('href')).toBe('/schedules');
      expect(page.all('form')).toEqual([]);
      page.close();
    }
    page = await ConsolePage.open('/schedules/new', VIEWER, answers);
    expect(page.text).toContain('This page is not open to you');
  });

  it('run now, pause, and are removed after a question', async () => {
    page = await ConsolePage.open('/schedules', KEEPER, {
      ...answers,
      'PATCH /schedules/s-1': ok(aSchedule({ enabled: false })),
      'DELETE /schedules/s-1': ok(null),
      'POST /schedules/s-1/run': problem(409, 'The budget is used up.'),
    });
    await page.click('Run now');
    expect(page.text).toContain('The budget is used up.');
    page.answer('GET /schedules', ok({ schedules: [aSchedule({ enabled: false })] }));
    await page.click('Pause');
    expect(page.sent('PATCH /schedules/s-1')[0]?.body).toEqual({ enabled: false });
    expect(page.text).toContain('Resume');
    await page.click('Remove');
    expect(page.sent('DELETE /schedules/s-1')).toEqual([]);
    page.answer('GET /schedules', ok({ schedules: [] }));
    page.confirm();
    await page.until(() => page.text.includes('No schedules'));
    page.answer('POST /schedules/s-1/run', ok({ run_id: RUN_ID }, 201));
    page.answer('GET /schedules', ok({ schedules: [aSchedule()] }));
    await page.go('/schedules/s-1');
    await page.click('Run now');
    await page.until(() => page.url.startsWith(`/runs/${RUN_ID}`));
  });

  it('show what came of their ticks, and why', async () => {
    page = await ConsolePage.open('/schedules/s-1', KEEPER, answers);
    for (const words of [
      'Started',
      'Skipped',
      'The run of the tick before is not over.',
      'leave this one out',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.find('a[href="/templates/weekly"]').textContent).toBe('weekly');
  });

  it('are made with a pattern whose next times are seen before', async () => {
    page = await ConsolePage.open('/schedules/new', KEEPER, answers);
    page.answer(
      'POST /schedules/preview',
      problem(400, 'Wrong.', { errors: [{ pointer: '/cron', message: 'has 2 fields' }] }),
    );
    await page.type('#schedule-name', 'Nightly');
    await page.type('#schedule-zone', 'Europe/Berlin');
    await page.type('#schedule-cron', '0 2');
    await page.until(() => page.text.includes('has 2 fields'));
    await page.type('o-profile-choice select', 'self_hardening');
    expect(page.control('Make the schedule').disabled).toBe(true);
    page.answer('POST /schedules/preview', ok({ next_times: [AT] }));
    await page.click('Every night');
    await page.until(() => page.text.includes('Next times'));
    expect(page.sent('POST /schedules/preview').at(-1)?.body).toEqual({
      cron: '0 2 * * *',
      time_zone: 'Europe/Berlin',
    });
    expect(page.text).toContain('7:00');
    page.answer('POST /schedules', ok(aSchedule(), 201));
    await page.submit();
    expect(page.sent('POST /schedules')[0]?.body).toEqual({
      name: 'Nightly',
      cron: '0 2 * * *',
      time_zone: 'Europe/Berlin',
      overlap: 'skip',
      catch_up: 'once',
      run: { profile: 'self_hardening', auto_advance: true },
    });
    expect(page.url).toBe('/schedules/s-1');
  });

  it('keep their template when they are changed', async () => {
    page = await ConsolePage.open('/schedules/s-1/edit', KEEPER, {
      ...answers,
      'PATCH /schedules/s-1': ok(aSchedule()),
    });
    await page.until(() => page.text.includes('Next times'));
    expect(page.field('textarea').value).toBe('Harden it.');
    await page.type('#schedule-overlap', 'queue');
    await page.submit();
    expect(page.sent('PATCH /schedules/s-1')[0]?.body).toMatchObject({
      overlap: 'queue',
      run: { template: 'weekly', profile: 'self_hardening', intake: 'Harden it.' },
    });
  });
});

describe('a cron pattern in words', () => {
  it.each([
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['15 * * * *', 'every hour at minute 15'],
    ['0 2 * * *', 'every day at 02:00'],
    ['30 6 * * 1-5', 'on working days at 06:30'],
    ['0 6 * * 7', 'Sundays at 06:00'],
    ['0 6 1 * *', 'on day 1 of every month at 06:00'],
    ['0 6 1 1 *', '0 6 1 1 *'],
    ['0 */2 * * 1', '0 */2 * * 1'],
    ['0 6 1 * 1', '0 6 1 * 1'],
  ])('%s is %s', (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });

  it('is due as the clocks of its zone show it', () => {
    expect(zonedTime(AT, 'Europe/Berlin')).toContain('7:00');
  });
});
