import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, aPhase, aRun, aStep, RUN_ID } from '../../../testing/fixtures';
import { BASE, change, openRun } from '../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
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
    page = await openRun(
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
    page = await openRun(aRun());
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
