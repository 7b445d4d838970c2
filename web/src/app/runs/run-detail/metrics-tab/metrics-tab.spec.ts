import { ConsolePage, ok, problem } from '../../../../testing/console-page';
import { ADMIN, aGate, aRun } from '../../../../testing/fixtures';
import { someMetrics, somePhaseMetrics } from '../../../../testing/metrics-fixtures';
import { BASE, change } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
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
