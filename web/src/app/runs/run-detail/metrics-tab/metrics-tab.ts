import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { EmptyState } from '../../../shared/empty-state/empty-state';
import { DurationPipe } from '../../../shared/format/duration';
import { MoneyPipe } from '../../../shared/format/money';
import { keepLast } from '../../../shared/keep-last';
import { Loading } from '../../../shared/loading';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunsGateway } from '../../runs-gateway';
import { RunStore } from '../run-store';
import { GateScoreCard } from './gate-score-card';
import { HygieneList } from './hygiene-list';
import { PhaseChart } from './phase-chart';
import { scoreText } from './score-text';
import { UsageTable } from './usage-table';

/** What was measured: time, tokens, cost, gates and hygiene. What was not is called so. */
@Component({
  selector: 'o-metrics-tab',
  imports: [
    DurationPipe,
    EmptyState,
    GateScoreCard,
    HygieneList,
    Loading,
    MoneyPipe,
    PhaseChart,
    ProblemBanner,
    UsageTable,
  ],
  templateUrl: './metrics-tab.html',
  styleUrl: './metrics-tab.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MetricsTab {
  private readonly gateway = inject(RunsGateway);
  private readonly store = inject(RunStore);
  protected readonly resource = rxResource({
    params: () => this.store.runId() || undefined,
    stream: ({ params }) => this.gateway.metrics(params),
  });
  protected readonly metrics = keepLast(this.resource);
  protected readonly cards = computed(() => {
    const metrics = this.metrics();
    if (metrics === undefined) return null;
    return {
      governance: scoreText(metrics.governance_score, metrics.governance_measured),
      hygiene: scoreText(metrics.hygiene_score, metrics.hygiene_measured),
      tokens: metrics.total_token_usage.input + metrics.total_token_usage.output,
    };
  });
  protected readonly titles = computed(
    () => new Map(this.store.run()?.phases.map((phase) => [phase.phase, phase.title]) ?? []),
  );
  protected readonly phases = computed(() => this.metrics()?.phases_metrics ?? []);
  protected readonly timeBars = computed(() =>
    this.phases().map((phase) => ({ label: this.title(phase.phase), values: [phase.duration_seconds ?? 0] })),
  );
  protected readonly tokenBars = computed(() =>
    this.phases().map((phase) => ({
      label: this.title(phase.phase),
      values: [phase.token_usage.input, phase.token_usage.output],
    })),
  );
  protected readonly models = computed(() =>
    this.phases().flatMap((phase) =>
      phase.usage_by_model.map((usage) => ({
        phase: this.title(phase.phase),
        name: `${usage.provider} / ${usage.model}`,
        usage,
      })),
    ),
  );
  protected readonly agents = computed(() =>
    this.phases().flatMap((phase) =>
      phase.usage_by_agent.map((usage) => ({ phase: this.title(phase.phase), name: usage.agent_id, usage })),
    ),
  );

  constructor() {
    this.store.onChange(() => {
      this.resource.reload();
    });
  }

  protected title(phase: string): string {
    return this.titles().get(phase) ?? phase;
  }
}
