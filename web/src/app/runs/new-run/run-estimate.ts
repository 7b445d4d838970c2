import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { CostsGateway, type Estimate } from '../../costs/costs-gateway';
import { formatDuration } from '../../shared/format/duration';
import { formatMoney } from '../../shared/format/money';

type Spread = Estimate['total']['cost_usd'];

/** What runs of a profile have come to; nothing where none has completed. */
@Component({
  selector: 'o-run-estimate',
  template: `
    @if (estimate(); as figures) {
      <section aria-label="Estimate">
        <h3>Estimate</h3>
        @if (figures.total.runs === 0) {
          <p class="muted">No run of this profile has completed yet: what it will cost is not known.</p>
        } @else {
          <dl class="facts">
            <dt>Cost</dt>
            <dd>{{ cost() ?? 'no price known' }}</dd>
            <dt>Tokens</dt>
            <dd>{{ tokens() }}</dd>
            <dt>Duration</dt>
            <dd>{{ time() }}</dd>
          </dl>
          <p class="muted small">Median and the range of 8 runs of 10; {{ figures.basis }}.</p>
        }
      </section>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunEstimate {
  readonly profile = input.required<string>();
  private readonly gateway = inject(CostsGateway);
  private readonly resource = rxResource({
    params: () => this.profile(),
    stream: ({ params }) => this.gateway.estimate(params),
  });
  protected readonly estimate = computed(() =>
    this.resource.hasValue() ? this.resource.value() : undefined,
  );
  protected readonly cost = computed(() => words(this.estimate()?.total.cost_usd ?? null, formatMoney));
  protected readonly tokens = computed(() =>
    words(this.estimate()?.total.tokens ?? null, (count) => count.toLocaleString('en-US')),
  );
  protected readonly time = computed(() =>
    words(this.estimate()?.total.duration_seconds ?? null, formatDuration),
  );
}

/** The median, and between what most runs were; one value where all were the same. */
function words(spread: Spread, show: (value: number) => string): string | null {
  if (spread === null) return null;
  const { median, p10, p90 } = spread;
  return p10 === p90 ? show(median) : `${show(median)} (${show(p10)} to ${show(p90)})`;
}
