import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, anArtifact, aSummary, VIEWER } from '../../../testing/fixtures';
import type { ComparedRun, RunComparison } from '../run-models';
import { compareFigures, differenceOf } from './compare-figures';

const aSide = (run_id: string, change: Partial<ComparedRun> = {}): ComparedRun => ({
  run_id,
  project_name: `project ${run_id}`,
  profile: 'self_hardening',
  profile_version: 1,
  status: 'completed',
  created_at: '2026-11-22T12:00:00.000Z',
  owner: { user_id: 'u-1', name: 'Ada Lovelace', email: 'ada@example.org' },
  cost_usd: 1,
  unpriced_calls: 0,
  total_duration_seconds: 10,
  artifacts_count: 1,
  waived_gates: 0,
  token_usage: { input: 1000, output: 100 },
  governance_score: 1,
  hygiene_score: null,
  ...change,
});

const phaseSide = (duration: number | null) => ({
  status: 'completed' as const,
  attempt: 1,
  duration_seconds: duration,
  token_usage: { input: 0, output: 0 },
  cost_usd: 0,
});

const COMPARISON: RunComparison = {
  a: aSide('r-1'),
  b: aSide('r-2', { cost_usd: 0.5, total_duration_seconds: 12, governance_score: 0.5, profile_version: 2 }),
  same_definition: false,
  inputs: [
    { name: 'intake', a: '# One\nline\n', b: '# Two\nline\n', same: false },
    { name: 'parameters.channel', a: 'beta', b: null, same: false },
    { name: 'auto_advance', a: 'true', b: 'true', same: true },
  ],
  phases: [
    {
      phase: 'build',
      title: 'Build',
      same_definition: false,
      a: phaseSide(4),
      b: phaseSide(6),
      gates: [
        {
          gate_id: 'tests_pass',
          a: { status: 'passed', threshold: '≥ 1', actual: '1' },
          b: { status: 'waived', threshold: '≥ 1', actual: null },
        },
      ],
    },
    { phase: 'ship', title: 'Ship', same_definition: false, a: null, b: phaseSide(null), gates: [] },
  ],
  artifacts: [
    {
      phase: 'build',
      path: 'report.md',
      change: 'changed',
      a: anArtifact('report.md', { artifact_id: 'old' }),
      b: anArtifact('report.md', { artifact_id: 'new' }),
    },
    { phase: 'build', path: 'logo.png', change: 'only_b', a: null, b: anArtifact('logo.png') },
  ],
  artifacts_left_out: 3,
};
const ANSWERS = { 'GET /runs/compare': ok(COMPARISON) };
const LISTED = ok({
  runs: [
    aSummary({ run_id: 'r-1', project_name: 'one', created_at: '2026-11-22T12:00:00.000Z' }),
    aSummary({ run_id: 'r-2', project_name: 'two', created_at: '2026-11-21T12:00:00.000Z' }),
    aSummary({ run_id: 'r-3', project_name: 'three', created_at: '2026-11-20T12:00:00.000Z' }),
  ],
  total: 3,
  total_capped: false,
  limit: 50,
  offset: 0,
  next_cursor: null,
});

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('two runs beside each other', () => {
  it('show figures, phases, verdicts, inputs and artifacts', async () => {
    page = await ConsolePage.open('/runs/compare?a=r-1&b=r-2', ADMIN, ANSWERS);
    for (const words of [
      'project r-1',
      'project r-2',
      'defined differently',
      'no such phase',
      'not measured',
      '2 of 3 differ',
      'only in B',
      '3 more are not listed here',
      '+2.0 s',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.sent('GET /runs/compare')).toHaveLength(1);
    expect(page.text).not.toContain('Auto advance');
    page.find('o-compare-inputs input').click();
    await page.settle();
    expect(page.text).toContain('Auto advance');
  });

  it('open a changed artifact line by line', async () => {
    page = await ConsolePage.open('/runs/compare?a=r-1&b=r-2', ADMIN, ANSWERS);
    page.answer('GET /runs/r-1/artifacts/old/content', ok('first line\nsame\n'));
    page.answer('GET /runs/r-2/artifacts/new/content', ok('other line\nsame\n'));
    await page.click('report.md');
    await page.until(() => page.find('o-compare-artifacts').textContent.includes('other line'));
    expect(page.find('o-compare-artifacts').textContent).toContain('first line');
    expect(page.control('report.md').getAttribute('aria-expanded')).toBe('true');
  });

  it('change places, and either can be chosen anew', async () => {
    page = await ConsolePage.open('/runs/compare?a=r-1&b=r-2', ADMIN, ANSWERS);
    page.answer('GET /runs/compare', ok({ ...COMPARISON, a: COMPARISON.b, b: COMPARISON.a }));
    await page.click('Swap');
    expect(page.url).toBe('/runs/compare?a=r-2&b=r-1');
    page.answer('GET /runs', LISTED);
    page.find('button[aria-label="Choose another run for A"]').click();
    await page.settle();
    expect(page.url).toBe('/runs/compare?a=r-1');
    expect(page.text).toContain('With which run?');
    expect(page.all('o-run-picker strong').map((name) => name.textContent)).toEqual(['two', 'three']);
    page.all('o-run-picker button')[1]?.click();
    await page.settle();
    expect(page.url).toBe('/runs/compare?a=r-1&b=r-3');
  });

  it('say why they cannot be compared', async () => {
    page = await ConsolePage.open('/runs/compare?a=r-1&b=r-2', ADMIN, {
      'GET /runs/compare': problem(404, 'Run not found: r-2'),
    });
    expect(page.text).toContain('Run not found: r-2');
  });

  it('are chosen in the list of runs, the older one first, also by somebody who may only look', async () => {
    page = await ConsolePage.open('/runs', VIEWER, { 'GET /runs': LISTED, ...ANSWERS });
    const choose = async (name: string) => {
      page.find(`input[aria-label="Choose ${name}"]`).click();
      await page.settle();
    };
    await choose('one');
    expect(page.all('[role=toolbar] a')).toEqual([]);
    await choose('two');
    expect(page.all('[role=toolbar] button').map((button) => button.textContent.trim())).toEqual([
      'Choose none',
    ]);
    await page.click('Compare');
    expect(page.url).toBe('/runs/compare?a=r-2&b=r-1');
    await page.go('/runs');
    await choose('one');
    await choose('two');
    await choose('three');
    expect(page.all('[role=toolbar] a')).toEqual([]);
  });
});

describe('the figures of two runs', () => {
  const tone = (label: string) =>
    compareFigures(COMPARISON.a, COMPARISON.b).find((figure) => figure.label === label)?.tone;

  it('tell which is better only where that can be said', () => {
    expect([tone('Cost'), tone('Duration'), tone('Governance')]).toEqual(['better', 'worse', 'worse']);
    expect([tone('Tokens in'), tone('Hygiene'), tone('Artifacts')]).toEqual([
      'neutral',
      'neutral',
      'neutral',
    ]);
    expect(tone('Calls without a price')).toBeUndefined();
  });

  it('differ by an amount with its sign', () => {
    const show = (value: number) => `${String(value)} x`;
    expect(differenceOf(1, 3, show)).toBe('+2 x');
    expect(differenceOf(3, 1, show)).toBe('−2 x');
    expect([differenceOf(1, 1, show), differenceOf(null, 1, show)]).toEqual([null, null]);
  });
});
