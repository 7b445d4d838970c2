import type { EChartsCoreOption } from 'echarts/core';
import { formatMoney } from '../shared/format/money';
import { type Bar, inkOf, textOf } from '../runs/run-detail/metrics-tab/bar-options';

/** Money as columns, in the order that the bars come in. */
export function columnOptions(bars: readonly Bar[], dark: boolean): EChartsCoreOption {
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
      top: 16,
      bottom: 6,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: number) => formatMoney(value),
    },
    xAxis: {
      type: 'category',
      data: bars.map((bar) => bar.label),
      axisLabel: text,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { ...text, formatter: (value: number) => formatMoney(value) },
      splitLine: { lineStyle: { color: ink.line } },
    },
    series: [{ name: 'Cost', type: 'bar', barMaxWidth: 28, data: bars.map((bar) => bar.values[0] ?? 0) }],
  };
}
