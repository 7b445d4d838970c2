import { dailyBars, monthFrom } from './month-bars';

const NOW = new Date('2026-11-03T23:30:00.000Z');

describe('the days of this month', () => {
  it('begin with the month, by the clock of the costs', () => {
    expect(monthFrom(NOW).toISOString()).toBe('2026-11-01T00:00:00.000Z');
  });

  it('are as high as they were dear, and seen where they cost anything', () => {
    const rows = [
      { key: '2026-10-31', cost_usd: 500 },
      { key: '2026-11-01', cost_usd: 0.01 },
      { key: '2026-11-02', cost_usd: null },
      { key: '2026-11-03', cost_usd: 40 },
    ];
    expect(dailyBars(rows, NOW, 20)).toEqual([1, 0, 20]);
  });

  it('are flat where nothing was spent', () => {
    expect(dailyBars([], NOW, 20)).toEqual([0, 0, 0]);
  });
});
