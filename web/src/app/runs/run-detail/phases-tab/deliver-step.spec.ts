import { type ConsolePage, ok, problem } from '../../../../testing/console-page';
import { aPhase, aRun, aStep, VIEWER } from '../../../../testing/fixtures';
import { AT, BASE, openRun } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
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
    page = await openRun(run);
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
    page = await openRun(run);
    await page.type('#deliver-text', '# PRD');
    await page.type('#deliver-path', '');
    expect(complete().disabled).toBe(true);
    await page.type('#deliver-path', 'PRD.md');
    page.answer(`POST ${BASE}/artifacts`, problem(413, 'The file is too large.'));
    await page.click('Complete the step');
    expect(page.text).toContain('The file is too large.');
    expect(page.sent(`POST ${BASE}/phases/test/steps/prd/complete`)).toEqual([]);
    page.close();
    page = await openRun(run);
    expect(page.field('#deliver-text').value).toBe('# PRD');
  });

  it('is not offered to somebody who may only look', async () => {
    page = await openRun(run, '', VIEWER);
    expect(page.all('o-deliver-step')).toEqual([]);
  });
});
