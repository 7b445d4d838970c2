import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { Drafts } from '../../../shared/drafts';
import { RelativeTime } from '../../../shared/format/relative-time';
import { keepLast } from '../../../shared/keep-last';
import { isReadable } from '../../../shared/preview/preview-kind';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { StatusBadge } from '../../../shared/status/status-badge';
import { RunControl } from '../../run-control';
import type { ApprovalInfo, RunDetail } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';
import { ArtifactContent } from '../artifacts-tab/artifact-content';
import { RunStore } from '../run-store';

const WHO = { viewer: 'anybody who sees the run', member: 'a member', admin: 'an administrator' } as const;

/** A decision with what it is about beside it: artifacts, verdicts of gates, what others have decided. */
@Component({
  selector: 'o-approval-panel',
  imports: [ArtifactContent, MatButton, ProblemBanner, RelativeTime, StatusBadge],
  templateUrl: './approval-panel.html',
  styleUrl: './approval-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ApprovalPanel {
  readonly run = input.required<RunDetail>();
  readonly phase = input.required<string>();
  readonly approval = input.required<ApprovalInfo>();
  private readonly gateway = inject(RunsGateway);
  private readonly control = inject(RunControl);
  private readonly drafts = inject(Drafts);
  protected readonly store = inject(RunStore);
  protected readonly resource = rxResource({
    params: () => this.run().run_id,
    stream: ({ params }) => this.gateway.artifacts(params, false),
  });
  private readonly list = keepLast(this.resource);
  /** Those of the newest phase first, documents before what cannot be read here. */
  protected readonly artifacts = computed(() => {
    const byPhase = this.list()?.artifacts_by_phase ?? {};
    return this.run()
      .phases.toReversed()
      .flatMap(({ phase }) => byPhase[phase] ?? [])
      .sort((a, b) => Number(isReadable(b)) - Number(isReadable(a)));
  });
  private readonly chosen = signal<string | null>(null);
  protected readonly shown = computed(
    () => this.artifacts().find(({ artifact_id: id }) => id === this.chosen()) ?? this.artifacts()[0] ?? null,
  );
  protected readonly verdicts = computed(() =>
    this.run().phases.flatMap((phase) => phase.gates.map((gate) => ({ ...gate, phase: phase.title }))),
  );
  protected readonly words = computed(() => WHO[this.approval().role]);
  protected readonly may = computed(() => this.store.actions().includes('approve'));
  private readonly key = computed(() => `decision.${this.run().run_id}.${this.phase()}`);
  protected readonly text = linkedSignal(() => this.drafts.read(this.key(), { text: '' }).text);

  constructor() {
    effect(() => {
      this.drafts.write(this.key(), { text: this.text() });
    });
  }

  protected choose(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.chosen.set(event.target.value);
  }

  protected type(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.text.set(event.target.value);
  }

  protected async approve(): Promise<void> {
    const { step } = this.approval();
    const request = this.control.approve(this.run().run_id, this.phase(), step, this.text().trim() || null);
    if (await this.store.act(request)) this.text.set('');
  }

  protected async reject(): Promise<void> {
    const { step } = this.approval();
    const request = this.control.reject(this.run().run_id, this.phase(), step, this.text().trim());
    if (await this.store.act(request)) this.text.set('');
  }
}
