import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { StatusBadge } from '../../../shared/status/status-badge';
import type { PhaseMetrics } from '../../run-models';

/** All gates of the run with what they found. */
@Component({
  selector: 'o-gate-score-card',
  imports: [RouterLink, StatusBadge],
  template: `
    <section class="panel" aria-label="Gates">
      <div class="panel-head">
        <h2>Gates</h2>
      </div>
      @if (rows().length > 0) {
        <div class="table-scroll">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">Phase</th>
                <th scope="col">Gate</th>
                <th scope="col">Verdict</th>
                <th scope="col">Threshold</th>
                <th scope="col">Actual</th>
                <th scope="col">Finding</th>
              </tr>
            </thead>
            <tbody>
              @for (row of rows(); track row.phase + row.gate.gate_id) {
                <tr>
                  <td>
                    <a routerLink="../phases" [queryParams]="{ phase: row.phase }">{{ row.title }}</a>
                  </td>
                  <td>{{ row.gate.gate_id }}</td>
                  <td><o-status [status]="row.gate.status" /></td>
                  <td class="mono">{{ row.gate.threshold ?? '–' }}</td>
                  <td class="mono">{{ row.gate.actual ?? 'not measured' }}</td>
                  <td>{{ row.gate.message }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <p class="quiet">No gate was evaluated yet: governance is not measured.</p>
      }
    </section>
  `,
  styles: '.quiet { padding: var(--o-4); color: var(--o-text-3); }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GateScoreCard {
  readonly phases = input.required<readonly PhaseMetrics[]>();
  readonly titles = input.required<ReadonlyMap<string, string>>();
  protected readonly rows = computed(() =>
    this.phases().flatMap((phase) =>
      phase.gates.map((gate) => ({
        phase: phase.phase,
        title: this.titles().get(phase.phase) ?? phase.phase,
        gate,
      })),
    ),
  );
}
