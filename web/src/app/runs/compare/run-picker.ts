import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RelativeTime } from '../../shared/format/relative-time';
import { ShortIdPipe } from '../../shared/format/short-id';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { StatusBadge } from '../../shared/status/status-badge';
import { NO_FILTERS } from '../run-filters';
import { RunsGateway } from '../runs-gateway';

const LISTED = 20;

/** Finds a run by project, id or words of its intake; the newest ones stand there at first. */
@Component({
  selector: 'o-run-picker',
  imports: [ProblemBanner, RelativeTime, ShortIdPipe, StatusBadge],
  template: `
    <input
      class="input"
      type="search"
      maxlength="200"
      [attr.aria-label]="label()"
      [placeholder]="label() + ': project, id or words of the intake'"
      [value]="text()"
      (change)="find($event)"
      (search)="find($event)"
    />
    @if (found.error(); as error) {
      <o-problem [error]="error" retryable (retry)="found.reload()" />
    }
    <ul>
      @for (run of runs(); track run.run_id) {
        <li>
          <button type="button" (click)="picked.emit(run.run_id)">
            <o-status [status]="run.status" />
            <strong class="cut">{{ run.project_name }}</strong>
            <span class="muted cut">{{ run.profile }} v{{ run.profile_version }}</span>
            <span class="grow"></span>
            <span class="muted mono">{{ run.run_id | shortId }}</span>
            <span class="muted num"><o-time [at]="run.created_at" /></span>
          </button>
        </li>
      } @empty {
        @if (!found.isLoading()) {
          <li class="muted none">No other run matches.</li>
        }
      }
    </ul>
  `,
  styleUrl: './run-picker.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunPicker {
  readonly label = input.required<string>();
  /** Id of a run that cannot be picked; null: none. */
  readonly except = input.required<string | null>();
  readonly picked = output<string>();
  private readonly gateway = inject(RunsGateway);
  protected readonly text = signal('');
  protected readonly found = rxResource({
    params: () => ({ ...NO_FILTERS, q: this.text() }),
    stream: ({ params }) => this.gateway.list(params, LISTED),
  });
  private readonly last = keepLast(this.found);
  protected readonly runs = computed(
    () => this.last()?.runs.filter(({ run_id: id }) => id !== this.except()) ?? [],
  );

  protected find(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.text.set(event.target.value.trim());
  }
}
