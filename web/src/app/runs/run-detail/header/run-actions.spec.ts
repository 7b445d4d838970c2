import { type ConsolePage, ok } from '../../../../testing/console-page';
import { aBlockedRun, aPhase, aRun, aStep, RUN_ID } from '../../../../testing/fixtures';
import { AT, BASE, MORE, openRun } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the actions of a run', () => {
  it('start the phase that waits', async () => {
    const run = aRun({
      phases: [aPhase('test', 'pending', { optional: true })],
      waiting_on: { kind: 'advance', since: AT, detail: 'Advance to execute test.' },
    });
    page = await openRun(run);
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
    page = await openRun(
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
    page = await openRun(aBlockedRun(), '/phases?phase=test&step=unit');
    page.answer(`POST ${BASE}/phases/test/retry`, ok({}));
    await page.click('Retry from this step');
    expect(page.sent(`POST ${BASE}/phases/test/retry`)[0]?.body).toEqual({ from_step: 'unit' });
  });

  it('clone it with changes: the form holds what it was made with, and keeps what is typed', async () => {
    const run = aRun({ status: 'completed', parameters: { depth: 3 } });
    page = await openRun(run);
    await (await page.loader.getHarness(MORE)).open();
    page.control('Clone with changes').click();
    await page.until(() => page.url === `/runs/new?from=${RUN_ID}`);
    const kept = (key: string): unknown =>
      JSON.parse(sessionStorage.getItem(`orchestrator.draft.new-run.${RUN_ID}${key}`) ?? 'null');
    expect(kept('')).toMatchObject({ profile: run.profile, projectName: run.project_name });
    expect(kept('.parameters')).toEqual({ depth: 3 });
  });

  it('archive a run that is over, and erase it for good once it is archived', async () => {
    page = await openRun(aRun({ status: 'completed' }));
    page.answer(`DELETE ${BASE}`, ok({}));
    await fromMenu('Archive the run');
    page.confirm();
    await page.until(() => page.sent(`DELETE ${BASE}`).length === 1);
    page.close();
    page = await openRun(aRun({ status: 'completed', archived_at: AT }));
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
      phases: [
        aPhase('test', 'awaiting_approval', {
          steps: [aStep({ step: 'signoff', executor: 'approval', status: 'waiting' })],
          approval: { ...approval, decisions: [] },
        }),
      ],
    });
    page = await openRun(run);
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
    expect(page.sent(`POST ${BASE}/phases/test/reject`)[0]?.body).toEqual({
      step: 'signoff',
      comment: 'Name the risks.',
    });
  });

  it('pause, resume and cancel, the last only after a question', async () => {
    page = await openRun(aRun());
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
