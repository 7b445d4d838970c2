import type { EChartsCoreOption } from 'echarts/core';

export interface Bar {
  readonly label: string;
  /** One value for each series. */
  readonly values: readonly number[];
}

/** A canvas cannot read the style sheet's variables: the tokens `run-solid`, `hold-solid`, `text-2` and `border`. */
const INK = {
  light: { series: ['#2f7be6', '#8460d6'], text: '#43505f', line: '#dde2e8' },
  dark: { series: ['#4e97f5', '#957ae0'], text: '#b5bfcc', line: '#262f3b' },
} as const;

export const inkOf = (dark: boolean) => (dark ? INK.dark : INK.light);

export const textOf = (dark: boolean) => ({
  color: inkOf(dark).text,
  fontFamily: 'Inter Variable, system-ui, sans-serif',
  fontSize: 12,
});

/** Horizontal bars, first on top, stacked where there are several series. */
export function barOptions(
  bars: readonly Bar[],
  series: readonly string[],
  show: (value: number) => string,
  dark: boolean,
): EChartsCoreOption {
  const ink = inkOf(dark);
  const text = textOf(dark);
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: text,
    color: [...ink.series],
    grid: {
      left: 16,
      right: 24,
      top: series.length > 1 ? 30 : 10,
      bottom: 6,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: number) => show(value),
    },
    ...(series.length > 1 ? { legend: { top: 2, textStyle: text, itemWidth: 12, itemHeight: 8 } } : {}),
    xAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { ...text, formatter: (value: number) => show(value) },
      splitLine: { lineStyle: { color: ink.line } },
    },
    yAxis: phaseAxis(bars, text, ink.line),
    series: series.map((name, index) => stackedBars(name, bars, index)),
  };
}

const phaseAxis = (bars: readonly Bar[], text: object, line: string) => ({
  type: 'category',
  inverse: true,
  data: bars.map((bar) => bar.label),
  axisLabel: text,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: line } },
});

const stackedBars = (name: string, bars: readonly Bar[], index: number) => ({
  name,
  type: 'bar',
  stack: 'all',
  barMaxWidth: 16,
  data: bars.map((bar) => bar.values[index] ?? 0),
});
