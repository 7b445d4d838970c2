export interface ScoreText {
  readonly text: string;
  readonly tone: 'ok' | 'warn' | 'bad' | 'none';
}

/** A score of 0–1 in percent; a score that nothing was measured for says so, whatever number came with it. */
export function scoreText(score: number, measured: boolean): ScoreText {
  if (!measured) return { text: 'not measured', tone: 'none' };
  const percent = Math.floor(score * 1000) / 10;
  const tone = score >= 0.9 ? 'ok' : score >= 0.6 ? 'warn' : 'bad';
  return { text: `${Number.isInteger(percent) ? String(percent) : percent.toFixed(1)} %`, tone };
}
