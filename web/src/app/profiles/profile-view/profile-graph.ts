import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { PhaseDefinitionDto } from '../../api/generated/models';
import { layoutProfile, STEP_HEIGHT } from './profile-layout';

/** The phases of a profile with their steps and what these need; the tables beneath say the same. */
@Component({
  selector: 'o-profile-graph',
  template: `
    <svg
      role="img"
      [attr.aria-label]="words()"
      [attr.width]="layout().width"
      [attr.height]="layout().height"
      [attr.viewBox]="'0 0 ' + layout().width + ' ' + layout().height"
    >
      @for (phase of layout().phases; track phase.name; let last = $last) {
        <rect
          class="phase"
          [class.optional]="phase.optional"
          y="1"
          rx="6"
          [attr.x]="phase.x"
          [attr.width]="phase.width"
          [attr.height]="layout().height - 2"
        />
        <text class="title" y="24" [attr.x]="phase.x + 14">{{ phase.title }}</text>
        @if (phase.gates > 0) {
          <text class="gates" y="24" text-anchor="end" [attr.x]="phase.x + phase.width - 14">
            {{ phase.gates === 1 ? '1 gate' : phase.gates + ' gates' }}
          </text>
        }
        @if (!last) {
          <path class="next" [attr.d]="arrow(phase.x + phase.width)" />
        }
        @for (path of phase.edges; track path) {
          <path class="edge" [attr.d]="path" />
        }
        @for (step of phase.steps; track step.id) {
          <rect
            class="step"
            rx="4"
            [attr.x]="step.x"
            [attr.y]="step.y"
            [attr.width]="step.width"
            [attr.height]="stepHeight"
          />
          <circle r="4" [attr.class]="step.executor" [attr.cx]="step.x + 15" [attr.cy]="step.y + 15" />
          <text [attr.x]="step.x + 28" [attr.y]="step.y + 19">{{ step.id }}</text>
        }
      }
    </svg>
    <ul class="small" aria-label="Legend">
      @for (executor of executors(); track executor.name) {
        <li>
          <svg width="10" height="10" aria-hidden="true">
            <circle cx="5" cy="5" r="4" [attr.class]="executor.name" />
          </svg>
          {{ executor.words }}
        </li>
      }
    </ul>
  `,
  styleUrl: './profile-graph.scss',
  host: { tabindex: '0', role: 'group', 'aria-label': 'Graph of the profile' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileGraph {
  readonly phases = input.required<readonly PhaseDefinitionDto[]>();
  protected readonly stepHeight = STEP_HEIGHT;
  protected readonly layout = computed(() => layoutProfile(this.phases()));
  protected readonly words = computed(() =>
    this.phases()
      .map(({ title, steps }) => `${title}: ${steps.map(({ id }) => id).join(', ') || 'no steps'}`)
      .join('; '),
  );
  protected readonly executors = computed(() => {
    const used = new Set(this.phases().flatMap(({ steps }) => steps.map(({ executor }) => executor)));
    return Object.entries(EXECUTORS)
      .filter(([name]) => used.has(name as keyof typeof EXECUTORS))
      .map(([name, words]) => ({ name, words }));
  });

  protected arrow(x: number): string {
    return `M${x + 4} 20h20m-6 -5l6 5l-6 5`;
  }
}

const EXECUTORS = {
  command: 'a command',
  llm: 'a model',
  worker: 'a worker',
  approval: 'a person',
  http: 'a request',
} as const;
