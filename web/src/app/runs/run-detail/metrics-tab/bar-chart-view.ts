import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';

echarts.use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, TooltipComponent]);

/** The drawing of a chart; loaded only when one is shown. */
@Component({
  selector: 'o-bar-chart',
  imports: [NgxEchartsDirective],
  template: '<div echarts [options]="options()" [autoResize]="true"></div>',
  styles: `
    :host {
      display: block;
    }
    div {
      height: 100%;
    }
  `,
  providers: [provideEchartsCore({ echarts })],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BarChartView {
  readonly options = input.required<EChartsCoreOption>();
}
