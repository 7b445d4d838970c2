import { describe, expect, it } from '@jest/globals';
import { HYGIENE_KINDS, type GateStatus } from './evidence.js';
import { countFindings, governanceScore, HYGIENE_WEIGHTS, hygieneScore } from './scores.js';

const gate = (status: GateStatus, weight = 1): { status: GateStatus; weight: number } => ({ status, weight });

describe('governanceScore', () => {
  it('is null where no gate was evaluated', () => {
    expect(governanceScore([])).toMatchObject({ score: null, evaluated: 0 });
  });

  it('is null where all gates weigh nothing', () => {
    expect(governanceScore([gate('passed', 0)]).score).toBeNull();
  });

  it.each([
    ['passed', 1],
    ['warned', 0.5],
    ['waived', 0.25],
    ['blocked', 0],
  ] as const)('gives a %s gate %d', (status, score) => {
    expect(governanceScore([gate(status, 3)]).score).toBe(score);
  });

  it('weighs the gates', () => {
    const { score, byStatus } = governanceScore([gate('passed', 2), gate('blocked'), gate('warned')]);
    expect(score).toBe(2.5 / 4);
    expect(byStatus).toEqual({ passed: 1, warned: 1, waived: 0, blocked: 1 });
  });
});

describe('hygieneScore', () => {
  const counts = (part: Partial<Record<(typeof HYGIENE_KINDS)[number], number>>) => ({
    ...countFindings([]),
    ...part,
  });

  it('is null where nothing was inspected', () => {
    expect(hygieneScore(null).score).toBeNull();
    expect(hygieneScore({ counts: counts({}), inspectedFiles: 0 }).score).toBeNull();
  });

  it('is 1 without findings', () => {
    expect(hygieneScore({ counts: counts({}), inspectedFiles: 1 }).score).toBe(1);
  });

  it.each([
    [1, 0.88],
    [2, 0.79],
    [3, 0.79],
    [4, 0.7],
    [400, 0.7],
  ])('falls in steps: %d secrets leave %d', (secret, score) => {
    expect(hygieneScore({ counts: counts({ secret }), inspectedFiles: 9 }).score).toBe(score);
  });

  it('is 0 where every part is lost, for the weights add up to 1', () => {
    const all = Object.fromEntries(HYGIENE_KINDS.map((kind) => [kind, 4]));
    const { score, losses } = hygieneScore({ counts: counts(all), inspectedFiles: 9 });
    expect(score).toBe(0);
    expect(losses).toEqual(HYGIENE_WEIGHTS);
  });

  it('counts findings by kind', () => {
    expect(countFindings([{ kind: 'secret' }, { kind: 'orphan' }, { kind: 'secret' }])).toEqual(
      counts({ secret: 2, orphan: 1 }),
    );
  });
});
