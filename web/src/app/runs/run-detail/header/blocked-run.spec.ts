import { type ConsolePage, ok, problem } from '../../../../testing/console-page';
import { aBlockedRun, aGate, aPhase, aRun, MEMBER, VIEWER } from '../../../../testing/fixtures';
import { AT, BASE, openRun } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('a run whose gate blocks', () => {
  it('shows threshold, actual, evidence and remedy, and what was not measured', async () => {
    page = await openRun(aBlockedRun());
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
    page = await openRun(aBlockedRun());
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
    page = await openRun(aBlockedRun());
    await page.click('Waive and go on');
    await page.type('#reason', 'Known flake.');
    await page.click('Back');
    await page.until(() => page.all('mat-dialog-container').length === 0);
    expect(page.requests.filter((request) => request.method === 'POST')).toEqual([]);
  });

  it('is retried, and says why it could not be', async () => {
    page = await openRun(aBlockedRun());
    page.answer(`POST ${BASE}/next`, problem(409, 'The phase is executing already.'));
    await page.click('Retry');
    expect(page.text).toContain('The phase is executing already.');
    expect(page.sent(`POST ${BASE}/next`)[0]?.headers.get('Prefer')).toBe('respond-async');
  });

  it('offers no waiver to a member, and nothing but a comparison to a viewer', async () => {
    page = await openRun(aBlockedRun(), '', MEMBER);
    expect(page.all('o-run-actions button').map((button) => button.textContent.trim())).toEqual([
      'Retry',
      '',
    ]);
    page.close();
    page = await openRun(aBlockedRun(), '', VIEWER);
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
    page = await openRun(aRun({ phases: [aPhase('test', 'completed', { gates })] }));
    expect(page.text).toContain('1 gate waived');
    expect(page.text).toMatch(/Waived by Ada .*: Known flake\./);
    expect(page.text).toContain('this verdict counts no more');
  });
});
