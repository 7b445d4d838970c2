import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';
import { ConsolePage, ok } from '../../../testing/console-page';
import { ADMIN, aGate, anArtifact, aPhase, aRun, aStep, MEMBER, RUN_ID } from '../../../testing/fixtures';
import type { LogLine, PhaseInfo, RunEvent } from '../run-models';
import { ansiParts, cutParts, plainText } from './phases-tab/ansi-text';
import { matchingLines, wrapLines } from './phases-tab/log-rows';

const BASE = `/runs/${RUN_ID}`;
const AT = '2026-11-22T12:00:00.000Z';
const line = (n: number, text: string): LogLine => ({
  ...{ position: n, n, text, stream: 'stdout', at: AT },
  ...{ phase: 'test', step: 'unit', attempt: 1, try: 1 },
});

let page: ConsolePage;
afterEach(() => {
  page.close();
  sessionStorage.clear();
});

describe('the log of a step', () => {
  const run = aRun({ status: 'completed', phases: [aPhase('test', 'completed', { steps: [aStep()] })] });
  const open = async (query = '') => {
    page = await ConsolePage.open(`${BASE}/phases${query}`, ADMIN, {
      [`GET ${BASE}`]: ok(run),
      [`GET ${BASE}/logs`]: ok({
        lines: [line(1, 'one apple'), line(2, 'two'), line(3, '\u001b[32mthree\u001b[0m apples')],
        next_after: null,
      }),
    });
    await page.until(() => page.text.includes('3 lines') || page.text.includes('Line '));
  };

  it('goes from match to match, and can leave out the rest', async () => {
    await open();
    await page.type('o-log-panel input[type=search]', 'APPLE');
    expect(page.text).toContain('1 of 2 matches');
    page.find('[aria-label="Next match"]').click();
    await page.settle();
    expect(page.text).toContain('2 of 2 matches');
    page.find('[aria-label="Next match"]').click();
    await page.settle();
    expect(page.text).toContain('1 of 2 matches');
    page.find('[aria-label="Match before"]').click();
    await page.settle();
    expect(page.text).toContain('2 of 2 matches');
  });

  it('has a link to each line, which names phase, step and attempt', async () => {
    await open(`?phase=test&step=unit&attempt=1&line=2`);
    expect(page.text).toContain('Line 2');
    expect(page.find('o-log-panel o-copy button').title).toContain(
      `${BASE}/phases?phase=test&step=unit&attempt=1&line=2`,
    );
  });

  it('is copied as it reads, all or only what matches', async () => {
    await open();
    const copied: string[] = [];
    TestBed.inject(Clipboard).copy = (text) => copied.push(text) > 0;
    await page.click('Copy');
    await page.type('o-log-panel input[type=search]', 'three');
    page.find('o-log-panel .bar label input').click();
    await page.settle();
    await page.click('Copied');
    expect(copied).toEqual(['one apple\ntwo\nthree apples', 'three apples']);
  });
});

describe('the rows of a log', () => {
  it('are found whatever their case', () => {
    expect(matchingLines([line(1, 'Ab'), line(2, 'c'), line(3, 'xaB')], 'aB')).toEqual([0, 2]);
    expect(matchingLines([line(1, 'a')], '')).toEqual([]);
  });

  it('are cut where they are too long, control sequences not counted', () => {
    const rows = wrapLines([line(1, 'abcdefg'), line(2, 'ab'), line(3, '\u001b[31mabc\u001b[0m')], 3);
    expect(rows.map(({ n, from, to }) => [n, from, to])).toEqual([
      [1, 0, 3],
      [1, 3, 6],
      [1, 6, 9],
      [2, undefined, undefined],
      [3, undefined, undefined],
    ]);
  });

  it('keep their colours when they are cut', () => {
    const parts = ansiParts('ab\u001b[31mcdef\u001b[0mgh');
    expect(cutParts(parts, 1, 5).map(({ text, css }) => [text, css])).toEqual([
      ['b', ''],
      ['cde', 'ansi-red'],
    ]);
    expect(plainText('a\u001b[31mb\u001b[0m')).toBe('ab');
  });
});

describe('a decision', () => {
  const awaiting = (change: Partial<NonNullable<PhaseInfo['approval']>> = {}) =>
    aRun({
      owner: { user_id: 'u-9', name: 'Owner', email: 'o@example.org' },
      current_phase: 'test',
      waiting_on: { kind: 'approval', since: AT, detail: 'Step signoff awaits a decision.' },
      phases: [
        aPhase('build', 'completed', { gates: [aGate({ status: 'passed' })] }),
        aPhase('test', 'awaiting_approval', {
          steps: [aStep({ step: 'signoff', executor: 'approval', status: 'waiting', started_at: null })],
          approval: {
            step: 'signoff',
            role: 'member',
            count: 1,
            self_approval: false,
            decisions: [],
            ...change,
          },
        }),
      ],
    });
  const answers = (run = awaiting()) => ({
    [`GET ${BASE}`]: ok(run),
    [`GET ${BASE}/artifacts`]: ok({
      run_id: RUN_ID,
      total_count: 2,
      artifacts_by_phase: {
        build: [anArtifact('logo.bin', { media_type: 'application/x' }), anArtifact('plan.txt')],
      },
    }),
    [`GET ${BASE}/artifacts/id-plan.txt/content`]: ok('What we plan to do.'),
    [`POST ${BASE}/phases/test/approve`]: ok({}),
    [`POST ${BASE}/phases/test/reject`]: ok({}),
  });

  it('has what is to be judged beside it', async () => {
    page = await ConsolePage.open(`${BASE}/phases`, MEMBER, answers());
    await page.until(() => page.text.includes('What we plan to do.'));
    expect(page.find('o-approval-panel').textContent).toContain('One approval is needed, of a member.');
    expect(page.find('o-approval-panel ul').textContent).toContain('tests_pass');
    await page.type('#decision-comment', 'Fine by me.');
    await page.click('Approve the phase');
    expect(page.sent(`POST ${BASE}/phases/test/approve`)[0]?.body).toEqual({
      step: 'signoff',
      comment: 'Fine by me.',
    });
    expect(page.field('#decision-comment').value).toBe('');
  });

  it('that asks for changes needs a comment, which outlives a reload', async () => {
    page = await ConsolePage.open(`${BASE}/phases`, MEMBER, answers());
    expect(page.control('Send back with the comment').disabled).toBe(true);
    await page.type('#decision-comment', 'Name the risks.');
    page.close();
    page = await ConsolePage.open(`${BASE}/phases`, MEMBER, answers());
    await page.click('Send back with the comment');
    expect(page.sent(`POST ${BASE}/phases/test/reject`)[0]?.body).toEqual({
      step: 'signoff',
      comment: 'Name the risks.',
    });
  });

  it('is shown to somebody who cannot make it, with what others decided', async () => {
    const decided = {
      user_id: 'u-2',
      name: 'Grace',
      decision: 'approved' as const,
      comment: 'Good.',
      at: AT,
    };
    page = await ConsolePage.open(
      `${BASE}/phases`,
      MEMBER,
      answers(awaiting({ count: 2, decisions: [decided] })),
    );
    expect(page.find('o-approval-panel').textContent).toContain('2 approvals are needed');
    expect(page.find('o-approval-panel').textContent).toContain('You cannot decide on this.');
    expect(page.find('o-approval-panel').textContent).toMatch(/Grace\s+approved.*Good\./s);
  });
});

describe('the activity', () => {
  const event = (seq: number, type: string, name: string | null): RunEvent => ({
    ...{ seq, type, at: AT, phase: null, step: null, attempt: null, data: {} },
    actor: name === null ? null : { kind: 'user', id: name, name },
  });

  it('is narrowed by kind and person', async () => {
    page = await ConsolePage.open(`${BASE}/activity`, ADMIN, {
      [`GET ${BASE}`]: ok(aRun()),
      [`GET ${BASE}/comments`]: ok({ comments: [] }),
      [`GET ${BASE}/events`]: ok({
        events: [
          event(1, 'run.created', 'Ada'),
          event(2, 'phase.completed', null),
          event(3, 'run.paused', 'Grace'),
        ],
        next_after: null,
      }),
    });
    expect(page.text).toContain('3 events');
    await page.type('select[aria-label="Kind"]', 'run', 'change');
    expect(page.text).toContain('2 events');
    await page.type('select[aria-label="By whom"]', 'Ada', 'change');
    expect(page.text).toContain('1 event');
    await page.type('select[aria-label="Kind"]', 'phase', 'change');
    expect(page.text).toContain('No event is like this.');
  });
});

describe('comments', () => {
  const comment = (id: string, artifact: string | null) => ({
    ...{ comment_id: id, run_id: RUN_ID, artifact_id: artifact, parent_id: null, body: `said ${id}` },
    ...{ author: { user_id: 'u-1', name: 'Ada', email: 'ada@example.org' }, mentions: [] },
    ...{ created_at: AT, edited_at: null },
  });
  const answers = {
    [`GET ${BASE}`]: ok(aRun()),
    [`GET ${BASE}/artifacts`]: ok({
      run_id: RUN_ID,
      total_count: 1,
      artifacts_by_phase: { build: [anArtifact('a.txt')] },
    }),
    [`GET ${BASE}/artifacts/id-a.txt/content`]: ok('text'),
    [`GET ${BASE}/comments`]: ok({ comments: [comment('c-1', null), comment('c-2', 'id-a.txt')] }),
    [`GET ${BASE}/events`]: ok({ events: [], next_after: null }),
  };

  it('on an artifact stand beside it, and are about it', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?artifact=id-a.txt`, ADMIN, answers);
    expect(page.sent(`GET ${BASE}/comments`)).toEqual([]);
    await page.click('Comments on this version');
    await page.until(() => page.all('o-comments .thread').length > 0);
    expect(page.all('o-comments .thread')).toHaveLength(1);
    page.answer(`POST ${BASE}/comments`, ok(comment('c-3', 'id-a.txt'), 201));
    await page.type('#comment', 'Is this right?');
    await page.click('Comment');
    expect(page.sent(`POST ${BASE}/comments`)[0]?.body).toEqual({
      body: 'Is this right?',
      parent_id: null,
      artifact_id: 'id-a.txt',
    });
  });

  it('on artifacts are among those on the run, with the way there', async () => {
    page = await ConsolePage.open(`${BASE}/activity`, ADMIN, answers);
    await page.until(() => page.all('o-comments .thread').length === 2);
    expect(page.control('About an artifact').getAttribute('href')).toBe(
      `${BASE}/artifacts?artifact=id-a.txt`,
    );
  });
});
