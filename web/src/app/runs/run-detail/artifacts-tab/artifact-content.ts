import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { of } from 'rxjs';
import { BytesPipe } from '../../../shared/format/bytes';
import { Loading } from '../../../shared/loading';
import { CodeView } from '../../../shared/preview/code-view';
import { CsvView } from '../../../shared/preview/csv-view';
import { PatchView } from '../../../shared/preview/diff/patch-view';
import { HtmlView } from '../../../shared/preview/html-view';
import { JsonView } from '../../../shared/preview/json-view';
import { MarkdownView } from '../../../shared/preview/markdown-view';
import { isReadable, PREVIEW_LIMIT, previewKind } from '../../../shared/preview/preview-kind';
import type { Neighbours } from '../../../shared/preview/render-markdown';
import { TranscriptView } from '../../../shared/preview/transcript/transcript-view';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import type { ArtifactSummary } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';
import { ArtifactLink } from './artifact-link';
import { neighbourOf } from './neighbours';

/** The content of an artifact as it reads best. */
@Component({
  selector: 'o-artifact-content',
  imports: [
    BytesPipe,
    CodeView,
    CsvView,
    HtmlView,
    JsonView,
    Loading,
    MarkdownView,
    PatchView,
    ProblemBanner,
    TranscriptView,
  ],
  templateUrl: './artifact-content.html',
  styles: 'img { max-width: 100%; background: #fff; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ArtifactContent {
  readonly runId = input.required<string>();
  readonly artifact = input.required<ArtifactSummary>();
  /** All artifacts of the run: documents show pictures that lie beside them. */
  readonly artifacts = input.required<readonly ArtifactSummary[]>();
  private readonly gateway = inject(RunsGateway);
  private readonly link = inject(ArtifactLink);
  protected readonly limit = PREVIEW_LIMIT;

  protected readonly kind = computed(() => previewKind(this.artifact()));
  protected readonly inlineUrl = computed(() => this.contentUrl(this.artifact()));
  protected readonly text = rxResource({
    params: () => ({
      runId: this.runId(),
      id: this.artifact().artifact_id,
      readable: isReadable(this.artifact()),
    }),
    stream: ({ params }) => (params.readable ? this.gateway.artifactText(params.runId, params.id) : of('')),
  });
  protected readonly neighbours = computed((): Neighbours => {
    const [document, artifacts] = [this.artifact(), this.artifacts()];
    return {
      picture: (path) => {
        const found = neighbourOf(document, artifacts, path);
        return found !== null && previewKind(found) === 'image' ? this.contentUrl(found) : null;
      },
      page: (path) => {
        const found = neighbourOf(document, artifacts, path);
        return found === null ? null : this.link.pathOf(this.runId(), found.artifact_id);
      },
    };
  });

  private contentUrl(artifact: ArtifactSummary): string {
    return this.gateway.contentUrl(this.runId(), artifact.artifact_id, 'inline');
  }
}
