import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { LucideDownload, LucideMessageSquare } from '@lucide/angular';
import { CopyText } from '../../../shared/copy-text';
import { BytesPipe } from '../../../shared/format/bytes';
import { RelativeTime } from '../../../shared/format/relative-time';
import { isReadable } from '../../../shared/preview/preview-kind';
import type { ArtifactSummary } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';
import { CommentsPanel } from '../../sharing/comments-panel';
import { ArtifactContent } from './artifact-content';
import { ArtifactLink } from './artifact-link';
import { VersionDiff } from './version-diff';

/** One artifact: where it came from, its digest, its content, and what changed since an earlier version. */
@Component({
  selector: 'o-artifact-pane',
  imports: [
    ArtifactContent,
    BytesPipe,
    CommentsPanel,
    CopyText,
    LucideDownload,
    LucideMessageSquare,
    MatButton,
    RelativeTime,
    VersionDiff,
  ],
  templateUrl: './artifact-pane.html',
  styleUrl: './artifact-pane.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ArtifactPane {
  readonly runId = input.required<string>();
  readonly artifact = input.required<ArtifactSummary>();
  /** All artifacts of the run, older versions too. */
  readonly artifacts = input.required<readonly ArtifactSummary[]>();
  /** Id of the version that this one is compared with; null: none. */
  readonly compared = input.required<string | null>();
  /** A version to compare with was chosen; null ends it. */
  readonly compare = output<string | null>();
  private readonly gateway = inject(RunsGateway);
  private readonly links = inject(ArtifactLink);

  /** Comments are read when somebody wants them: opening the tab costs no more requests. */
  protected readonly talking = linkedSignal<unknown, boolean>({
    source: () => this.artifact().artifact_id,
    computation: () => false,
  });
  protected readonly url = computed(() =>
    this.gateway.contentUrl(this.runId(), this.artifact().artifact_id, 'attachment'),
  );
  protected readonly link = computed(() => this.links.addressOf(this.runId(), this.artifact().artifact_id));
  /** The other versions of the same path, newest first, where both can be read as text. */
  protected readonly others = computed(() => {
    const shown = this.artifact();
    return this.artifacts()
      .filter(({ phase, path }) => phase === shown.phase && path === shown.path)
      .filter((other) => other !== shown && isReadable(other) && isReadable(shown))
      .sort((a, b) => b.version - a.version);
  });
  protected readonly other = computed(
    () => this.others().find(({ artifact_id: id }) => id === this.compared()) ?? null,
  );
  /** The two that are compared, the older one first. */
  protected readonly pair = computed(() => {
    const [shown, other] = [this.artifact(), this.other()];
    if (other === null) return null;
    return other.version < shown.version ? { before: other, after: shown } : { before: shown, after: other };
  });

  protected chooseOther(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.compare.emit(event.target.value || null);
  }
}
