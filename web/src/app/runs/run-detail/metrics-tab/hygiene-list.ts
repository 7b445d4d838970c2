import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { sentence } from '../../../shared/status/status-look';
import type { PhaseMetrics } from '../../run-models';

const SHOWN = 200;

/** Every hygiene finding with its place. */
@Component({
  selector: 'o-hygiene-list',
  template: `
    <section class="panel" aria-label="Hygiene findings">
      <div class="panel-head">
        <h2>Hygiene findings</h2>
        <span class="muted small">{{ measured() ? findings().length : '' }}</span>
      </div>
      @if (!measured()) {
        <p class="quiet">Not measured: nothing that the run produced was inspected yet.</p>
      } @else if (findings().length === 0) {
        <p class="quiet">What the run produced was inspected; nothing was found.</p>
      } @else {
        <div class="table-scroll">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">Place</th>
                <th scope="col">Finding</th>
              </tr>
            </thead>
            <tbody>
              @for (finding of shown(); track $index) {
                <tr>
                  <td>{{ name(finding.kind) }}</td>
                  <td class="mono">
                    {{ finding.path }}{{ finding.line === null ? '' : ':' + finding.line }}
                  </td>
                  <td>{{ finding.message }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
        @if (findings().length > shown().length) {
          <p class="quiet">
            {{ findings().length - shown().length }} more are not listed here; the REST answer has all of
            them.
          </p>
        }
      }
    </section>
  `,
  styles: '.quiet { padding: var(--o-4); color: var(--o-text-3); } .mono { overflow-wrap: anywhere; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HygieneList {
  readonly phases = input.required<readonly PhaseMetrics[]>();
  readonly measured = input.required<boolean>();
  protected readonly name = sentence;
  protected readonly findings = computed(() => this.phases().flatMap((phase) => phase.hygiene));
  protected readonly shown = computed(() => this.findings().slice(0, SHOWN));
}
