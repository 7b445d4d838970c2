import { ConsolePage, ok, problem } from '../../../../testing/console-page';
import { ADMIN, aGate, aPhase, aRun, aStep } from '../../../../testing/fixtures';
import { AT, BASE, change, NO_LOG, openRun } from '../../../../testing/run-page';

const line = (position: number, text: string) => ({
  position,
  n: position,
  stream: 'stdout',
  at: AT,
  text,
  step: 'unit',
  phase: 'test',
  attempt: 1,
  try: 1,
});
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the phases', () => {
  it('open by the address and by a click', async () => {
    page = await openRun(
      aRun({
        phases: [
          aPhase('build', 'completed', {
            steps: [aStep({ step: 'compile' }), aStep({ step: 'pack' })],
            artifacts_count: 2,
          }),
          aPhase('test', 'pending'),
          aPhase('doc', 'skipped'),
        ],
      }),
      '/phases?phase=build',
    );
    expect(page.find('o-phase-pane h2').textContent).toBe('Build');
    page.all('.steps button')[1]?.click();
    await page.settle();
    expect(page.url).toBe(`${BASE}/phases?phase=build&step=pack`);
    page.all('button.phase')[1]?.click();
    await page.settle();
    expect(page.text).toContain('This phase has not started.');
    page.all('button.phase')[2]?.click();
    await page.settle();
    expect(page.text).toContain('This phase was skipped.');
  });

  it('show earlier attempts, marked superseded, with nothing to do on them', async () => {
    const failed = aStep({ status: 'failed', summary: 'Ran half of it.' });
    const earlier = {
      ...{ attempt: 1, status: 'failed', comment: 'Name the risks.', superseded_at: AT, steps: [failed] },
      ...{
        started_at: AT,
        completed_at: AT,
        duration_seconds: 3,
        gates: [aGate()],
        approval: null,
        error: null,
      },
    };
    const phases = [aPhase('build', 'completed'), aPhase('test', 'failed', { attempt: 2, steps: [aStep()] })];
    const run = aRun({ status: 'failed', current_phase: 'test', phases });
    page = await openRun(run);
    page.answer(`GET ${BASE}/phases/test/attempts`, ok({ attempts: [{ ...earlier, attempt: 2 }, earlier] }));
    expect(page.text).toContain('attempt 2, the newest');
    expect(page.text).toContain('Retry from this step');
    await page.type('o-attempt-choice select', '1', 'change');
    await page.until(() => page.text.includes('Superseded by a rollback'));
    expect(page.url).toContain('attempt=1');
    expect(page.text).toContain('It was asked for with: Name the risks.');
    expect(page.text).toContain('Ran half of it.');
    expect(page.text).not.toContain('Retry from this step');
    await page.type('o-attempt-choice select', '', 'change');
    await page.until(() => page.text.includes('Retry from this step'));
    page.close();
    const back = aRun({ phases: [aPhase('build', 'completed'), aPhase('test', 'pending', { attempt: 1 })] });
    page = await openRun(back, '/phases?phase=test');
    expect(page.all('o-attempt-choice option').map((option) => option.textContent.trim())).toEqual([
      'the phase as it stands',
      'attempt 1',
    ]);
  });

  it('follow a log as it grows, and find in it', async () => {
    const running = aRun({
      phases: [aPhase('test', 'in_progress', { steps: [aStep({ status: 'running' })] })],
    });
    page = await openRun(running, '/phases');
    await page.until(() => page.text.includes('No output yet.'));
    const stream = page.stream(`${BASE}/logs`);
    expect(stream.url).toBe(`${BASE}/logs?phase=test&step=unit&attempt=1&after=0`);
    stream.onopen?.();
    stream.says({ lines: [line(1, 'first')] });
    stream.says({ lines: [line(1, 'first'), line(2, 'second')] });
    await page.until(() => page.text.includes('2 lines'));
    expect(page.sent(`GET ${BASE}/logs`)).toHaveLength(1);
    await page.type('o-log-panel input', 'SECOND');
    expect(page.text).toContain('1 of 1 match');
    await page.type('o-log-panel input', 'third');
    expect(page.text).toContain('no match in 2 lines');
    page.answer(`GET ${BASE}/logs`, ok('first\nsecond\n'));
    await page.click('Download');
    expect(page.sent(`GET ${BASE}/logs`).at(-1)?.headers.get('Accept')).toBe('text/plain');
  });

  it('say that a log reconnects, and go on behind its last line', async () => {
    const run = (step: string, status: 'running' | 'succeeded') =>
      ok(aRun({ phases: [aPhase('test', 'in_progress', { steps: [aStep({ step, status })] })] }));
    page = await ConsolePage.open(BASE, ADMIN, {
      [`GET ${BASE}`]: run('unit', 'running'),
      [`GET ${BASE}/logs`]: ok({ lines: [line(7, 'seventh')], next_after: null }),
    });
    vi.stubGlobal('EventSource', { CLOSED: 2 });
    const first = page.stream(`${BASE}/logs`);
    first.onopen?.();
    first.refuse();
    await page.until(() => page.text.includes('Reconnecting…'));
    await page.until(() => page.stream(`${BASE}/logs`) !== first);
    const second = page.stream(`${BASE}/logs`);
    expect(second.url).toContain('after=7');
    second.onopen?.();
    await page.until(() => !page.text.includes('Reconnecting…'));
    const before = page.sent(`GET ${BASE}/logs`).length;
    page.answer(`GET ${BASE}`, run('unit', 'succeeded'));
    change();
    await page.until(() => second.closed);
    await page.until(() => page.sent(`GET ${BASE}/logs`).length === before + 1);
    vi.unstubAllGlobals();
  });

  it('say why a log could not be read', async () => {
    page = await ConsolePage.open(BASE, ADMIN, {
      [`GET ${BASE}`]: ok(aRun({ phases: [aPhase('test', 'completed', { steps: [aStep()] })] })),
      [`GET ${BASE}/logs`]: problem(500, 'The log is away.'),
    });
    await page.until(() => page.text.includes('The log is away.'));
    page.answer(`GET ${BASE}/logs`, NO_LOG);
    await page.click('Try again');
    await page.until(() => page.text.includes('This step printed nothing.'));
  });
});
