import { ADMIN, aPhase, aRun, aStep, RUN_ID } from '../../../../testing/fixtures';
import { ConsolePage, ok, problem } from '../../../../testing/console-page';
import type { RunTimeline } from '../../run-models';
import { timelineRows, wholeTime } from './timeline-rows';
import { gapsBetween, timeScale } from './timeline-scale';
import { rowWords, tickLabel } from './timeline-words';

const START = Date.parse('2026-11-22T12:00:00.000Z');
const after = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const TIMELINE: RunTimeline = {
  run_id: RUN_ID,
  created_at: after(0),
  completed_at: null,
  attempts_left_out: 0,
  phases: [
    {
      phase: 'build',
      title: 'Build',
      status: 'completed',
      attempts: [
        {
          attempt: 1,
          status: 'failed',
          started_at: after(0),
          completed_at: after(10),
          superseded: true,
          steps: [
            {
              step: 'compile',
              status: 'failed',
              tries: 1,
              queued_at: after(0),
              started_at: after(2),
              completed_at: after(10),
            },
          ],
        },
        {
          attempt: 2,
          status: 'completed',
          started_at: after(100),
          completed_at: after(110),
          superseded: false,
          steps: [
            {
              step: 'compile',
              status: 'succeeded',
              tries: 1,
              queued_at: after(100),
              started_at: after(100),
              completed_at: after(110),
            },
          ],
        },
      ],
    },
    {
      phase: 'review',
      title: 'Review',
      status: 'awaiting_approval',
      attempts: [
        {
          attempt: 1,
          status: 'awaiting_approval',
          started_at: after(110),
          completed_at: null,
          superseded: false,
          steps: [
            {
              step: 'signoff',
              status: 'waiting',
              tries: 1,
              queued_at: after(110),
              started_at: after(110),
              completed_at: null,
            },
          ],
        },
      ],
    },
    { phase: 'document', title: 'Document', status: 'pending', attempts: [] },
  ],
};

const seconds = (at: number): number => (at - START) / 1000;

describe('the rows of a timeline', () => {
  const rows = timelineRows(TIMELINE, undefined, START + 150_000);

  it('are the phases with their attempts, each followed by its steps', () => {
    expect(rows.map(({ label, spans }) => [label, spans.length])).toEqual([
      ['Build', 2],
      ['compile', 3],
      ['Review', 1],
      ['signoff', 1],
      ['Document', 0],
    ]);
  });

  it('keep what waited apart from what worked, and let what is open go on until now', () => {
    const shown = rows.flatMap(({ step, spans }) =>
      step === null ? [] : spans.map(({ kind, from, to }) => [step, kind, seconds(from), seconds(to)]),
    );
    expect(shown).toEqual([
      ['compile', 'waited', 0, 2],
      ['compile', 'worked', 2, 10],
      ['compile', 'worked', 100, 110],
      ['signoff', 'waited', 110, 150],
    ]);
    expect(rows[1]?.spans[0]?.superseded).toBe(true);
    expect(rows[3]?.spans[0]?.open).toBe(true);
  });

  it('take the time of a person for waiting also after they decided', () => {
    const run = aRun({
      phases: [aPhase('build', 'completed', { steps: [aStep({ step: 'compile', executor: 'approval' })] })],
    });
    expect(timelineRows(TIMELINE, run, START)[1]?.spans.map(({ kind }) => kind)).toEqual([
      'waited',
      'waited',
    ]);
  });

  it('end where nothing more is known unless the run can still move', () => {
    const ended = timelineRows({ ...TIMELINE, phases: TIMELINE.phases.slice(0, 1) }, undefined, START);
    expect(seconds(wholeTime(TIMELINE, ended, false, START + 500_000).to)).toBe(110);
    expect(seconds(wholeTime(TIMELINE, ended, true, START + 500_000).to)).toBe(500);
    const over = { ...TIMELINE, completed_at: after(111) };
    expect(seconds(wholeTime(over, ended, true, START + 500_000).to)).toBe(111);
  });

  it('are told in words, with the exact length of each bar', () => {
    const words = rows.map(rowWords);
    expect(words[1]).toContain('waited 2.0 s');
    expect(words[1]).toContain('worked 8.0 s');
    expect(words[1]).toContain('attempt 1: failed, superseded');
    expect(words[3]).toContain('goes on');
    expect(words[4]).toBe('Document: pending');
  });
});

describe('the axis of a timeline', () => {
  const whole = { from: 0, to: 100_000 };
  const gaps = gapsBetween(
    [
      { from: 90_000, to: 99_000 },
      { from: 0, to: 8000 },
      { from: 4000, to: 10_000 },
    ],
    whole,
  );

  it('knows when nothing worked, and passes over what is too short to see', () => {
    expect(gaps).toEqual([{ from: 10_000, to: 90_000 }]);
    expect(gapsBetween([], { from: 0, to: 5000 })).toEqual([{ from: 0, to: 5000 }]);
    expect(gapsBetween([{ from: 0, to: 5000 }], { from: 0, to: 60_000 })).toEqual([
      { from: 5000, to: 60_000 },
    ]);
  });

  it('is even, or shortens the gaps and stays in order', () => {
    const even = timeScale(whole, gaps, false);
    expect(even.place(50_000)).toBeCloseTo(0.5);
    const short = timeScale(whole, gaps, true);
    const places = [0, 5000, 10_000, 50_000, 90_000, 100_000].map((at) => short.place(at));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect((places[4] ?? 1) - (places[2] ?? 0)).toBeLessThan(0.1);
    expect(short.place(100_000)).toBe(1);
    expect(short.place(-5)).toBe(0);
  });

  it('has ticks that stand apart, none of them inside a shortened gap', () => {
    const { ticks } = timeScale(whole, gaps, true);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.every(({ at }) => at <= 10_000 || at >= 90_000)).toBe(true);
    const apart = ticks.slice(1).map((tick, index) => tick.place - (ticks[index]?.place ?? 1));
    expect(Math.min(...apart)).toBeGreaterThan(0.05);
  });

  it('names days on a long time, and seconds on a short one', () => {
    expect(tickLabel(START, 60_000)).toMatch(/:\d\d.*:\d\d/);
    expect(tickLabel(START, 3 * 86_400_000)).toMatch(/22.*:/);
    expect(tickLabel(START, 30 * 86_400_000)).not.toContain(':');
  });
});

describe('the timeline of a run', () => {
  const run = aRun({
    status: 'failed',
    phases: [
      aPhase('build', 'completed', { attempt: 2, steps: [aStep({ step: 'compile' })] }),
      aPhase('review', 'awaiting_approval'),
      aPhase('document', 'pending'),
    ],
  });
  const address = `/runs/${RUN_ID}/phases?view=timeline`;
  const open = (timeline = ok(TIMELINE)) =>
    ConsolePage.open(address, ADMIN, {
      [`GET /runs/${RUN_ID}`]: ok(run),
      [`GET /runs/${RUN_ID}/timeline`]: timeline,
    });

  it('is a view of the phases, and leads to the step that was chosen', async () => {
    const page = await open();
    expect(page.text).toContain('Timeline');
    expect(page.all('o-run-timeline .bar')).toHaveLength(7);
    expect(page.all('.grounds .gap').length).toBeGreaterThan(0);
    page
      .all('o-run-timeline .name')
      .find((element) => element.textContent.includes('compile'))
      ?.click();
    await page.settle();
    expect(page.url).toContain('phase=build');
    expect(page.url).toContain('step=compile');
    expect(page.url).not.toContain('timeline');
    page.close();
  });

  it('opens the attempt whose bar was chosen', async () => {
    const page = await open();
    page.answer(`GET /runs/${RUN_ID}/phases/build/attempts`, ok({ attempts: [] }));
    page.all('o-run-timeline .bar')[0]?.click();
    await page.settle();
    expect(page.url).toContain('attempt=1');
    page.close();
  });

  it('says what it leaves out, and what it could not read', async () => {
    const page = await open(ok({ ...TIMELINE, attempts_left_out: 12 }));
    expect(page.text).toContain('12 older ones are not');
    page.close();
    const broken = await open(problem(500, 'The timeline is away.'));
    expect(broken.text).toContain('The timeline is away.');
    broken.answer(`GET /runs/${RUN_ID}/timeline`, ok(TIMELINE));
    await broken.click('Try again');
    expect(broken.text).toContain('no step worked');
    broken.close();
  });
});
