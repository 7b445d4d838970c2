import { MatMenuHarness } from '@angular/material/menu/testing';
import { ConsolePage, ok, problem } from '../../../testing/console-page';
import {
  ADMIN,
  aBlockedRun,
  aGate,
  anArtifact,
  aPhase,
  aRun,
  aStep,
  MEMBER,
  RUN_ID,
  VIEWER,
} from '../../../testing/fixtures';
import { someMetrics, somePhaseMetrics } from '../../../testing/metrics-fixtures';
import type { MeDto } from '../../api/generated/models';
import type { RunDetail } from '../run-models';

const AT = '2026-11-22T12:00:00.000Z';
const BASE = `/runs/${RUN_ID}`;
const NO_LOG = ok({ lines: [], next_after: null });
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
const open = (run: RunDetail, tab = '', me: MeDto = ADMIN) =>
  ConsolePage.open(`${BASE}${tab}`, me, {
    [`GET ${BASE}`]: ok(run),
    [`GET ${BASE}/logs`]: NO_LOG,
    [`GET ${BASE}/comments`]: ok({ comments: [] }),
  });
const change = () => document.dispatchEvent(new Event('visibilitychange'));
const MORE = MatMenuHarness.with({ selector: '[aria-label="More actions"]' });
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('a run whose gate blocks', () => {
  it('shows threshold, actual, evidence and remedy, and what was not measured', async () => {
    page = await open(aBlockedRun());
    expect(page.url).toBe(`${BASE}/phases`);
    for (const words of [
      '≥ 1',
      '0.5',
      'reports/junit.xml',
      '24 of 48 pass',
      'Fix the failing tests.',
      'not measured',
      'Stopped in Test; waits for a retry or a waiver.',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(document.title).toBe('payments · Orchestrator');
  });

  it('is waived with a reason, and not without one', async () => {
    page = await open(aBlockedRun());
    page.answer(`POST ${BASE}/next`, ok({}, 202));
    await page.click('Waive and go on');
    const confirm = () => page.all('mat-dialog-actions button').at(-1) as HTMLButtonElement;
    expect(confirm().disabled).toBe(true);
    await page.type('#reason', 'Known flake.');
    confirm().click();
    await page.until(() => page.sent(`POST ${BASE}/next`).length === 1);
    expect(page.sent(`POST ${BASE}/next`)[0]?.body).toEqual({
      skip_validation: true,
      reason: 'Known flake.',
    });
  });

  it('stays as it is when somebody thinks better of a waiver', async () => {
    page = await open(aBlockedRun());
    await page.click('Waive and go on');
    await page.type('#reason', 'Known flake.');
    await page.click('Back');
    await page.until(() => page.all('mat-dialog-container').length === 0);
    expect(page.requests.filter((request) => request.method === 'POST')).toEqual([]);
  });

  it('is retried, and says why it could not be', async () => {
    page = await open(aBlockedRun());
    page.answer(`POST ${BASE}/next`, problem(409, 'The phase is executing already.'));
    await page.click('Retry');
    expect(page.text).toContain('The phase is executing already.');
    expect(page.sent(`POST ${BASE}/next`)[0]?.headers.get('Prefer')).toBe('respond-async');
  });

  it('offers no waiver to a member, and nothing but a comparison to a viewer', async () => {
    page = await open(aBlockedRun(), '', MEMBER);
    expect(page.all('o-run-actions button').map((button) => button.textContent.trim())).toEqual([
      'Retry',
      '',
    ]);
    page.close();
    page = await open(aBlockedRun(), '', VIEWER);
    expect(page.all('o-run-actions button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'More actions',
    ]);
    page.find('o-run-actions button').click();
    await page.settle();
    expect(page.all('[role=menuitem]').map(({ textContent }) => textContent.trim())).toEqual([
      'Compare with another run',
    ]);
  });

  it('shows a waiver with who and why, and a verdict that counts no more', async () => {
    const waived_by = { user_id: 'u', name: 'Ada', reason: 'Known flake.', at: AT };
    const gates = [
      aGate({ status: 'waived', waived_by }),
      aGate({ gate_id: 'old', voided: true, evidence: [{ path: 'reported', sha256: null, detail: null }] }),
    ];
    page = await open(aRun({ phases: [aPhase('test', 'completed', { gates })] }));
    expect(page.text).toContain('1 gate waived');
    expect(page.text).toMatch(/Waived by Ada .*: Known flake\./);
    expect(page.text).toContain('this verdict counts no more');
  });
});

describe('the actions of a run', () => {
  it('start the phase that waits', async () => {
    const run = aRun({
      phases: [aPhase('test', 'pending', { optional: true })],
      waiting_on: { kind: 'advance', since: AT, detail: 'Advance to execute test.' },
    });
    page = await open(run);
    page.answer(`POST ${BASE}/next`, ok({}, 202));
    await page.click('Start Test');
    expect(page.sent(`POST ${BASE}/next`)).toHaveLength(1);
    page.answer(`POST ${BASE}/phases/test/skip`, ok({}));
    const menu = await page.loader.getHarness(MORE);
    await menu.open();
    await menu.clickItem({ text: 'Skip the phase' });
    page.confirm();
    await page.until(() => page.sent(`POST ${BASE}/phases/test/skip`).length === 1);
  });

  const fromMenu = async (item: string): Promise<void> => {
    const menu = await page.loader.getHarness(MORE);
    await menu.open();
    await menu.clickItem({ text: item });
  };

  it('roll back to the end of a phase, after saying what is undone', async () => {
    const [build, test] = [aPhase('build', 'completed'), aPhase('test', 'failed')];
    page = await open(
      aRun({ status: 'failed', current_phase: 'test', phases: [build, test] }),
      '/phases?phase=build',
    );
    page.answer(`POST ${BASE}/rollback`, ok({}));
    await page.click('Roll back to here');
    expect(page.all('mat-dialog-content li').map((point) => point.textContent.trim())).toEqual([
      'Test (failed)',
    ]);
    page.confirm();
    await page.until(() => page.sent(`POST ${BASE}/rollback`).length === 1);
    expect(page.sent(`POST ${BASE}/rollback`)[0]?.body).toEqual({ phase: 'build' });
  });

  it('retry from a step', async () => {
    page = await open(aBlockedRun(), '/phases?phase=test&step=unit');
    page.answer(`POST ${BASE}/phases/test/retry`, ok({}));
    await page.click('Retry from this step');
    expect(page.sent(`POST ${BASE}/phases/test/retry`)[0]?.body).toEqual({ from_step: 'unit' });
  });

  it('clone it with changes: the form holds what it was made with, and keeps what is typed', async () => {
    const run = aRun({ status: 'completed', parameters: { depth: 3 } });
    page = await open(run);
    await (await page.loader.getHarness(MORE)).open();
    page.control('Clone with changes').click();
    await page.until(() => page.url === `/runs/new?from=${RUN_ID}`);
    const kept = (key: string): unknown =>
      JSON.parse(sessionStorage.getItem(`orchestrator.draft.new-run.${RUN_ID}${key}`) ?? 'null');
    expect(kept('')).toMatchObject({ profile: run.profile, projectName: run.project_name });
    expect(kept('.parameters')).toEqual({ depth: 3 });
  });

  it('archive a run that is over, and erase it for good once it is archived', async () => {
    page = await open(aRun({ status: 'completed' }));
    page.answer(`DELETE ${BASE}`, ok({}));
    await fromMenu('Archive the run');
    page.confirm();
    await page.until(() => page.sent(`DELETE ${BASE}`).length === 1);
    page.close();
    page = await open(aRun({ status: 'completed', archived_at: AT }));
    page.answer(`DELETE ${BASE}`, ok({}));
    page.answer('GET /runs', ok({ items: [], next_cursor: null, total: 0 }));
    await fromMenu('Erase the run');
    page.confirm();
    await page.until(() => page.url.startsWith('/runs') && !page.url.includes(RUN_ID));
    expect(page.sent(`DELETE ${BASE}`)[0]?.urlWithParams).toContain('purge=true');
  });

  it('approve with a comment and ask for changes with one', async () => {
    const approval = {
      step: 'signoff',
      role: 'member',
      count: 1,
      self_approval: true,
      decisions: [],
    } as const;
    const run = aRun({
      phases: [aPhase('test', 'awaiting_approval', { approval: { ...approval, decisions: [] } })],
    });
    page = await open(run);
    page.answer(`POST ${BASE}/phases/test/approve`, ok({}));
    page.answer(`POST ${BASE}/phases/test/reject`, ok({}));
    await page.click('Approve');
    page.confirm();
    await page.until(() => page.sent(`POST ${BASE}/phases/test/approve`).length === 1);
    await page.until(() => page.all('mat-dialog-container').length === 0);
    await page.click('Ask for changes');
    await page.type('#reason', 'Name the risks.');
    page.confirm();
    await page.until(() => page.sent(`POST ${BASE}/phases/test/reject`).length === 1);
    expect(page.sent(`POST ${BASE}/phases/test/reject`)[0]?.body).toEqual({ comment: 'Name the risks.' });
  });

  it('pause, resume and cancel, the last only after a question', async () => {
    page = await open(aRun());
    page.answer(`POST ${BASE}/pause`, ok({}));
    page.answer(`POST ${BASE}/resume`, ok({}));
    page.answer(`POST ${BASE}/cancel`, ok({}));
    page.answer(`GET ${BASE}`, ok(aRun({ status: 'paused' })));
    await page.click('Pause');
    await page.click('Resume');
    const menu = await page.loader.getHarness(MORE);
    await menu.open();
    await menu.clickItem({ text: 'Cancel the run' });
    expect(page.sent(`POST ${BASE}/cancel`)).toEqual([]);
    page.confirm();
    await page.until(() => page.sent(`POST ${BASE}/cancel`).length === 1);
    expect([page.sent(`POST ${BASE}/pause`).length, page.sent(`POST ${BASE}/resume`).length]).toEqual([1, 1]);
  });
});

describe('the header of a run', () => {
  it('shows cost against budget, the repository and why it failed', async () => {
    const failure = {
      code: 'exit_code',
      message: 'The command ended with exit code 1.',
      phase: 'test',
      step: 'unit',
      exit_code: 1,
      signal: null,
    };
    page = await open(
      aRun({
        status: 'failed',
        cost_usd: 1,
        failure,
        budget: { max_cost_usd: 4, max_tokens: null, spent_usd: 1, spent_tokens: 0 },
        repository: { url: 'https://example.org/x.git', path: null, ref: 'main' },
        phases: [
          aPhase('test', 'failed', {
            error: failure,
            steps: [
              aStep({
                status: 'failed',
                error: failure,
                tries: 2,
                summary: 'Half done.',
                warnings: ['No lock file.'],
              }),
            ],
          }),
        ],
      }),
    );
    for (const words of [
      '$1.00 of $4.00',
      'https://example.org/x.git @ main',
      'exit code 1',
      'unit failed.',
      'try 2',
      'Half done.',
      'No lock file.',
    ]) {
      expect(page.text).toContain(words);
    }
    expect((page.find('meter') as HTMLMeterElement).value).toBe(0.25);
  });

  it('says that a run does not exist or is not visible', async () => {
    page = await ConsolePage.open(BASE, ADMIN, { [`GET ${BASE}`]: problem(404, `Run not found: ${RUN_ID}`) });
    expect(page.text).toContain('There is no such run');
  });

  it('keeps the run on screen when reading it again fails', async () => {
    page = await open(aRun());
    page.answer(`GET ${BASE}`, problem(500, 'Internal error'));
    change();
    await page.until(() => page.text.includes('Internal error'));
    expect(page.text).toContain('payments');
    page.answer(`GET ${BASE}`, ok(aRun({ project_name: 'renamed' })));
    await page.click('Try again');
    await page.until(() => page.text.includes('renamed'));
  });

  it('offers another try when the run could not be read at all', async () => {
    page = await ConsolePage.open(BASE, ADMIN, { [`GET ${BASE}`]: problem(500, 'Internal error') });
    page.answer(`GET ${BASE}`, ok(aRun()));
    await page.click('Try again');
    expect(page.text).toContain('payments');
  });
});

describe('the phases', () => {
  it('open by the address and by a click', async () => {
    page = await open(
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
    page = await open(run);
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
    page = await open(back, '/phases?phase=test');
    expect(page.all('o-attempt-choice option').map((option) => option.textContent.trim())).toEqual([
      'the phase as it stands',
      'attempt 1',
    ]);
  });

  it('follow a log as it grows, and find in it', async () => {
    const running = aRun({
      phases: [aPhase('test', 'in_progress', { steps: [aStep({ status: 'running' })] })],
    });
    page = await open(running, '/phases');
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

describe('a step that no agent has taken', () => {
  const step = aStep({
    step: 'prd',
    executor: 'llm',
    status: 'waiting',
    started_at: null,
    task: 'Write the PRD.',
    deliverables: [{ path: 'PRD.md', type: 'prd', required: true, description: 'What it is for' }],
  });
  const run = aRun({
    waiting_on: { kind: 'agent', since: AT, detail: 'Step prd waits.' },
    phases: [aPhase('test', 'in_progress', { steps: [step] })],
  });
  const complete = () => page.control('Complete the step');

  it('is delivered by hand: files, a document, a summary', async () => {
    page = await open(run);
    expect(page.text).toContain('What it is for');
    expect(complete().disabled).toBe(true);
    const input = page.field('input[type=file]');
    Object.defineProperty(input, 'files', { value: [new File(['a'], 'a.txt'), new File(['b'], 'b.txt')] });
    Object.defineProperty(input, 'value', { value: '', writable: true });
    input.dispatchEvent(new Event('change'));
    await page.settle();
    page.find('[aria-label="Remove b.txt"]').click();
    await page.type('#deliver-text', '# PRD');
    expect(page.field('#deliver-path').value).toBe('PRD.md');
    await page.type('#deliver-summary', 'Written.');
    page.answer(`POST ${BASE}/artifacts`, ok({}, 201));
    page.answer(`POST ${BASE}/phases/test/steps/prd/complete`, ok({}));
    await page.click('Complete the step');
    await page.until(() => page.sent(`POST ${BASE}/phases/test/steps/prd/complete`).length === 1);
    const paths = page
      .sent(`POST ${BASE}/artifacts`)
      .map((request) => (request.body as FormData).get('path'));
    expect(paths).toEqual(['a.txt', 'PRD.md']);
    expect(page.sent(`POST ${BASE}/phases/test/steps/prd/complete`)[0]?.body).toEqual({
      summary: 'Written.',
    });
  });

  it('keeps what was written when the delivery is refused', async () => {
    page = await open(run);
    await page.type('#deliver-text', '# PRD');
    await page.type('#deliver-path', '');
    expect(complete().disabled).toBe(true);
    await page.type('#deliver-path', 'PRD.md');
    page.answer(`POST ${BASE}/artifacts`, problem(413, 'The file is too large.'));
    await page.click('Complete the step');
    expect(page.text).toContain('The file is too large.');
    expect(page.sent(`POST ${BASE}/phases/test/steps/prd/complete`)).toEqual([]);
    page.close();
    page = await open(run);
    expect(page.field('#deliver-text').value).toBe('# PRD');
  });

  it('is not offered to somebody who may only look', async () => {
    page = await open(run, '', VIEWER);
    expect(page.all('o-deliver-step')).toEqual([]);
  });
});

describe('the artifacts', () => {
  const files = {
    'a.md': ['text/markdown', '# A report', 'A report'],
    'b.json': ['application/json', '{"deep":{"text":"x","list":[1,null,true]}}', '"x"'],
    'bad.json': ['application/json', '{', 'This is not valid JSON.'],
    'c.csv': ['text/csv', 'module,size\na,12', '12'],
    'd.patch': ['text/x-diff', '+added', '+added'],
    'e.bin': ['application/octet-stream', '', 'There is no preview of application/octet-stream'],
    'f.html': ['text/html', '<h1>Page</h1>', 'Scripts and what lies elsewhere are not loaded.'],
  } as const;
  const artifacts = Object.entries(files).map(([path, [media_type]]) =>
    anArtifact(path, { media_type, version: 2 }),
  );
  const draft = anArtifact('a.md', { artifact_id: 'old', superseded: true });
  const answers = {
    [`GET ${BASE}`]: ok(aRun()),
    [`GET ${BASE}/artifacts`]: ok({
      run_id: RUN_ID,
      artifacts_by_phase: { build: [...artifacts, draft, anArtifact('p.png', { media_type: 'image/png' })] },
      total_count: 9,
    }),
    [`GET ${BASE}/artifacts/old/content`]: ok('# A draft'),
    ...Object.fromEntries(
      Object.entries(files).map(([path, [, content]]) => [
        `GET ${BASE}/artifacts/id-${path}/content`,
        ok(content),
      ]),
    ),
  };

  it.each(Object.entries(files))('preview %s as it reads best', async (path, [, , words]) => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=${path}`, ADMIN, answers);
    await page.until(() => page.find('o-artifact-pane .content').textContent.includes(words));
  });

  it('show a picture, its digest and its way to the disk', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=p.png`, ADMIN, answers);
    expect(page.find('.content img').getAttribute('src')).toBe(
      `${BASE}/artifacts/id-p.png/content?disposition=inline`,
    );
    expect(page.control('Download').getAttribute('href')).toBe(
      `${BASE}/artifacts/id-p.png/content?disposition=attachment`,
    );
    expect(page.control('All, as zip').getAttribute('href')).toBe(`${BASE}/artifacts.zip`);
    expect(page.text).toContain('e3b0c44298fc…');
  });

  it('fold JSON', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=b.json`, ADMIN, answers);
    await page.until(() => page.all('.fold').length === 3);
    page.all('.fold')[0]?.click();
    await page.settle();
    expect(page.all('.fold')).toHaveLength(1);
  });

  it('are chosen by a click, with their older versions when asked', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, answers);
    page.all('li button')[1]?.click();
    await page.settle();
    expect(page.url).toContain('artifact=id-b.json');
    expect(page.all('.tree li')).toHaveLength(8);
    page.find('.versions input').click();
    await page.settle();
    expect(page.all('.tree li')).toHaveLength(9);
  });

  it('are compared with an earlier version, line by line', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=a.md`, ADMIN, answers);
    await page.until(() => page.text.includes('A report'));
    await page.type('o-artifact-pane select', 'old', 'change');
    await page.until(() => page.all('o-file-diff').length === 1);
    expect(page.url).toContain('compare=old');
    expect(page.find('.gone').textContent).toBe('# A draft');
    expect(page.find('.come').textContent).toBe('# A report');
    expect(page.text).toContain('Version 1 beside version 2');
    page.find('o-diff input').click();
    await page.settle();
    expect(page.all('o-file-diff tr')).toHaveLength(2);
    await page.type('o-artifact-pane select', '', 'change');
    await page.until(() => page.all('o-file-diff').length === 0);
  });

  it('show a page that a step wrote in a frame that may do nothing, or as its source', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=f.html`, ADMIN, answers);
    await page.until(() => page.all('iframe').length === 1);
    expect(page.find('iframe').getAttribute('sandbox')).toBe('');
    expect(page.find('iframe').getAttribute('src')).toBe(
      `${BASE}/artifacts/id-f.html/content?disposition=inline`,
    );
    page.find('o-html input').click();
    await page.until(() => page.text.includes('<h1>Page</h1>'));
    expect(page.all('iframe')).toHaveLength(0);
  });

  it('ask the server at most twice when their tab is opened', async () => {
    page = await ConsolePage.open(`${BASE}/phases`, ADMIN, { ...answers, [`GET ${BASE}/logs`]: NO_LOG });
    const before = page.requests.length;
    page.control('Artifacts').click();
    await page.until(() => page.text.includes('A report'));
    expect(page.requests.slice(before).map(({ url }) => url)).toEqual([
      `${BASE}/artifacts`,
      `${BASE}/artifacts/id-a.md/content`,
    ]);
  });

  it('are read again when the run changes, and only then', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, {
      ...answers,
      [`GET ${BASE}/artifacts`]: ok({ run_id: RUN_ID, artifacts_by_phase: {}, total_count: 0 }),
    });
    expect(page.text).toContain('No artifacts yet');
    change();
    await page.settle();
    expect(page.sent(`GET ${BASE}/artifacts`)).toHaveLength(1);
    page.answer(`GET ${BASE}`, ok(aRun({ updated_at: '2026-11-22T12:00:09.000Z' })));
    page.answer(`GET ${BASE}/artifacts`, answers[`GET ${BASE}/artifacts`]);
    change();
    await page.until(() => page.text.includes('8 artifacts'));
  });

  it('say why they could not be read', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, {
      ...answers,
      [`GET ${BASE}/artifacts`]: problem(500, 'Internal error'),
    });
    page.answer(`GET ${BASE}/artifacts`, answers[`GET ${BASE}/artifacts`]);
    await page.click('Try again');
    await page.until(() => page.text.includes('8 artifacts'));
  });
});

describe('the metrics', () => {
  const openMetrics = (metrics: ReturnType<typeof someMetrics>) =>
    ConsolePage.open(`${BASE}/metrics`, ADMIN, {
      [`GET ${BASE}`]: ok(aRun()),
      [`GET ${BASE}/metrics`]: ok(metrics),
    });
  const card = (name: string) =>
    page
      .all('dl.cards > div')
      .find((element) => element.textContent.trim().startsWith(name))
      ?.textContent.replace(name, '')
      .trim();

  it('never show a score that was not measured as a number', async () => {
    page = await openMetrics(someMetrics({ governance_measured: true, governance_score: 0.875 }));
    expect(card('Governance')).toBe('87.5 %');
    expect(card('Hygiene')).toBe('not measured');
    expect(page.text).toContain('Not measured: nothing that the run produced was inspected yet.');
    expect(page.text).toContain('No model was called');
  });

  it('show tokens, cost and findings where there are some, with a table beneath every chart', async () => {
    const usage = {
      calls: 2,
      unpriced_calls: 2,
      input_tokens: 2000,
      output_tokens: 500,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      cost_usd: null,
    };
    const phase = somePhaseMetrics({
      token_usage: { input: 2000, output: 500 },
      usage_by_model: [{ ...usage, provider: 'anthropic', model: 'm' }],
      usage_by_agent: [{ ...usage, agent_id: 'quality-lead' }],
      gates: [aGate({ actual: null })],
      hygiene: Array.from({ length: 201 }, () => ({
        kind: 'broken_link' as const,
        path: 'README.md',
        line: 12,
        message: 'missing.md does not exist.',
      })),
    });
    page = await openMetrics(
      someMetrics({
        phases_metrics: [phase],
        total_token_usage: { input: 2000, output: 500 },
        hygiene_measured: true,
        errors_count: 2,
      }),
    );
    expect(card('Tokens')).toContain('2,500');
    for (const words of [
      'anthropic / m',
      'quality-lead',
      'no price known',
      'README.md:12',
      'Broken link',
      '1 more are not listed',
      '12.5 s',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.all('o-phase-chart table')).toHaveLength(2);
  });

  it('say that nothing was measured before a phase started', async () => {
    page = await openMetrics(someMetrics({ phases_metrics: [] }));
    expect(page.text).toContain('Nothing was measured yet');
    page.answer(`GET ${BASE}/metrics`, problem(500, 'Internal error'));
    page.answer(`GET ${BASE}`, ok(aRun({ updated_at: '2026-11-22T12:00:09.000Z' })));
    change();
    await page.until(() => page.text.includes('Internal error'));
  });

  it('show an inspected run without findings as such', async () => {
    page = await openMetrics(
      someMetrics({ hygiene_measured: true, phases_metrics: [somePhaseMetrics({ gates: [] })] }),
    );
    expect(card('Hygiene')).toBe('100 %');
    expect(page.text).toContain('nothing was found');
    expect(page.text).toContain('governance is not measured');
  });
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

describe('sharing and comments', () => {
  const ada = { user_id: 'u-1', name: 'Ada', email: 'ada@example.org' };
  const grace = { user_id: 'u-2', name: 'Grace', email: 'grace@example.org' };
  const comment = (id: string, change: object = {}) => ({
    ...{
      comment_id: id,
      run_id: RUN_ID,
      artifact_id: null,
      parent_id: null,
      author: grace,
      body: `**${id}**`,
    },
    ...{ mentions: [], created_at: AT, edited_at: null, ...change },
  });

  it('share the run with a person found by name, change what for, and end it', async () => {
    page = await open(aRun(), '', { ...ADMIN, permissions: [...ADMIN.permissions, 'runs:share'] });
    const share = { share_id: 's-1', person: grace, role: 'viewer', created_at: AT };
    page.answer(`GET ${BASE}/shares`, ok({ shares: [share] }));
    page.answer('GET /people', ok({ people: [ada] }));
    page.answer(`PUT ${BASE}/shares`, problem(400, 'The e-mail address is nobody’s who can sign in.'));
    await (await page.loader.getHarness(MORE)).open();
    page.control('Share').click();
    await page.until(() => page.text.includes('grace@example.org'));
    await page.type('o-share-dialog input[type=email]', 'ad');
    await page.until(() => page.all('datalist option').length === 1);
    await page.submit();
    await page.until(() => page.text.includes('nobody’s who can sign in'));
    expect(page.sent(`PUT ${BASE}/shares`)[0]?.body).toEqual({ email: 'ad', role: 'viewer' });
    expect(page.field('o-share-dialog input[type=email]').value).toBe('ad');
    page.answer(`PUT ${BASE}/shares`, ok(share));
    await page.type('select[aria-label="What Grace may do"]', 'editor', 'change');
    expect(page.sent(`PUT ${BASE}/shares`)[1]?.body).toEqual({ email: grace.email, role: 'editor' });
    page.answer(`DELETE ${BASE}/shares/s-1`, ok(null, 204));
    await page.click('Remove');
    await page.until(() => page.sent(`DELETE ${BASE}/shares/s-1`).length === 1);
  });

  it('show threads, keep what is typed when it is refused, answer, and delete one’s own', async () => {
    page = await open(aRun(), '/activity');
    page.answer(`GET ${BASE}/events`, ok({ events: [], next_after: null }));
    const said = [comment('c-1'), comment('c-2', { parent_id: 'c-1', author: ada, body: null })];
    page.answer(`GET ${BASE}/comments`, ok({ comments: said }));
    page.answer(`POST ${BASE}/comments`, problem(403, 'Not now.'));
    await page.go(`${BASE}/phases`);
    await page.go(`${BASE}/activity`);
    await page.until(() => page.all('o-comments strong').some((found) => found.textContent === 'c-1'));
    expect(page.text).toContain('This comment was deleted.');
    await page.click('Answer');
    await page.type('#comment', 'Yes, @grace@example.org.');
    await page.submit();
    await page.until(() => page.text.includes('Not now.'));
    expect(page.field('#comment').value).toBe('Yes, @grace@example.org.');
    page.answer(`POST ${BASE}/comments`, ok(comment('c-3'), 201));
    await page.submit();
    await page.until(() => page.field('#comment').value === '');
    expect(page.sent(`POST ${BASE}/comments`)[1]?.body).toEqual({
      body: 'Yes, @grace@example.org.',
      parent_id: 'c-1',
    });
    page.answer(`DELETE ${BASE}/comments/c-1`, ok(null, 204));
    await page.click('Delete');
    await page.until(() => page.sent(`DELETE ${BASE}/comments/c-1`).length === 1);
  });
});

describe('the limits of a run', () => {
  const HELD: RunDetail = {
    ...aRun({ status: 'running' }),
    budget: { max_cost_usd: 0.5, max_tokens: null, spent_usd: 0.4, spent_tokens: 10 },
    waiting_on: { kind: 'budget', detail: 'The budget of the run has 0.1 left.', since: AT },
  };

  it('are raised where the run waits for its budget', async () => {
    page = await open(HELD);
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
    page = await open(run, '', me);
    expect(page.text).not.toContain('Change the limits');
  });
});
