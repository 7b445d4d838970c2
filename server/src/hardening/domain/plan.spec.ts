import { describe, expect, it } from '@jest/globals';
import type { Finding } from './finding.js';
import { makePlan } from './plan.js';

const finding = (over: Partial<Finding>): Finding => ({
  id: `${over.rule ?? 'practices/a'}:${over.path ?? ''}`,
  rule: 'practices/a',
  area: 'practices',
  severity: 'low',
  title: 'A',
  path: 'a',
  line: null,
  detail: '',
  remedy: 'Mend it.',
  effort: 'minutes',
  automatic: null,
  ...over,
});

const plan = (...findings: readonly Finding[]): ReturnType<typeof makePlan> =>
  makePlan(findings.map((one) => ({ artifact: 'practices.json', finding: one })));

describe('the hardening plan', () => {
  it('makes findings of one rule one item, with the worst severity and the number of files', () => {
    const items = plan(
      finding({ path: 'a' }),
      finding({ path: 'b', severity: 'high' }),
      finding({ path: 'b' }),
    );
    expect(items).toMatchObject([
      { id: 'P1', severity: 'high', occurrences: 3, files: 2, reach: 'several files', priority: 18 },
    ]);
  });

  it('keeps what can be mended automatically apart from what cannot', () => {
    const items = plan(finding({ path: 'a', automatic: 'final_newline' }), finding({ path: 'b' }));
    expect(items.map(({ automatic }) => automatic).sort()).toEqual(['final_newline', null]);
  });

  it('orders by severity times reach, then by severity', () => {
    const items = plan(
      finding({ rule: 'practices/everywhere', path: null }),
      finding({ rule: 'practices/long', severity: 'moderate', effort: 'days' }),
      finding({ rule: 'secrets/token', severity: 'critical' }),
      finding({ rule: 'practices/one', path: 'x' }),
    );
    expect(items.map(({ rule, priority }) => [rule, priority])).toEqual([
      ['secrets/token', 27],
      ['practices/long', 3],
      ['practices/everywhere', 3],
      ['practices/one', 1],
    ]);
  });

  it('reaches the repository from ten files on, and names at most twenty places', () => {
    const [item] = plan(...Array.from({ length: 30 }, (_, index) => finding({ path: `f${index}` })));
    expect(item).toMatchObject({ reach: 'repository', occurrences: 30, priority: 3 });
    expect(item?.evidence).toHaveLength(20);
  });
});
