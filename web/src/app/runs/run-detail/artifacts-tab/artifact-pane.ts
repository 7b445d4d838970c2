import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { LucideDownload } from '@lucide/angular';
import { of } from 'rxjs';
import { CopyText } from '../../../shared/copy-text';
import { BytesPipe } from '../../../shared/format/bytes';
import { RelativeTime } from '../../../shared/format/relative-time';
import { Loading } from '../../../shared/loading';
import { CodeView } from '../../../shared/preview/code-view';
import { CsvView } from '../../../shared/preview/csv-view';
import { JsonView } from '../../../shared/preview/json-view';
import { MarkdownView } from '../../../shared/preview/markdown-view';
import { PREVIEW_LIMIT, previewKind } from '../../../shared/preview/preview-kind';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import type { ArtifactSummary } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';

/** One artifact: where it came from, its digest, and its content as it reads best. */
@Component({
  selector: 'o-artifact-pane',
  imports: [
    BytesPipe,
    CodeView,
    CopyText,
    CsvView,
    JsonView,
    Loading,
    LucideDownload,
    MarkdownView,
    MatButton,
    ProblemBanner,
    RelativeTime,
  ],
  templateUrl: './artifact-pane.html',
  styleUrl: './artifact-pane.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ArtifactPane {
  readonly runId = input.required<string>();
  readonly artifact = input.required<ArtifactSummary>();
  private readonly gateway = inject(RunsGateway);
  protected readonly limit = PREVIEW_LIMIT;

  protected readonly kind = computed(() => previewKind(this.artifact()));
  protected readonly url = computed(() =>
    this.gateway.contentUrl(this.runId(), this.artifact().artifact_id, 'attachment'),
  );
  protected readonly imageUrl = computed(() =>
    this.gateway.contentUrl(this.runId(), this.artifact().artifact_id, 'inline'),
  );
  protected readonly text = rxResource({
    params: () => ({ runId: this.runId(), id: this.artifact().artifact_id, kind: this.kind() }),
    stream: ({ params }) =>
      params.kind === 'image' || params.kind === 'none'
        ? of('')
        : this.gateway.artifactText(params.runId, params.id),
  });
}
