import { booleanAttribute, ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { LucideCircleAlert } from '@lucide/angular';
import { toProblem } from './problem';

/** Shows a failed request: the problem's own sentence, the fields it names, and a way on. */
@Component({
  selector: 'o-problem',
  imports: [MatButton, LucideCircleAlert],
  template: `
    <svg lucideCircleAlert aria-hidden="true"></svg>
    <div class="grow">
      <p>{{ problem().detail }}</p>
      @if (listed().length > 0) {
        <ul>
          @for (error of listed(); track $index) {
            <li>
              @if (error.pointer) {
                <code>{{ error.pointer }}</code>
              }
              {{ error.message }}
            </li>
          }
        </ul>
      }
      @if (problem().errorId; as id) {
        <p class="small">
          The server's log has more under <code>{{ id }}</code>.
        </p>
      }
    </div>
    @if (retryable()) {
      <button matButton="outlined" type="button" (click)="retry.emit()">Try again</button>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: var(--o-2);
      padding: var(--o-3) var(--o-4);
      border: 1px solid var(--o-bad);
      border-radius: var(--o-radius);
      background: var(--o-bad-soft);
      color: var(--o-text);
    }
    svg {
      margin-top: 2px;
      color: var(--o-bad);
    }
    ul {
      margin-top: 4px;
      padding-left: 18px;
    }
  `,
  host: { role: 'alert' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProblemBanner {
  readonly error = input.required<unknown>();
  /** Whether trying the same again can help. */
  readonly retryable = input(false, { transform: booleanAttribute });
  readonly retry = output();

  protected readonly problem = computed(() => toProblem(this.error()));
  protected readonly listed = computed(() => this.problem().errors.filter((error) => error.message !== ''));
}
