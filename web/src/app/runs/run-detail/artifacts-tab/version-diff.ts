import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { forkJoin } from 'rxjs';
import { Loading } from '../../../shared/loading';
import { CompareTexts } from '../../../shared/preview/diff/compare-view';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import type { ArtifactSummary } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';

/** What changed from one version of an artifact to another. */
@Component({
  selector: 'o-version-diff',
  imports: [CompareTexts, Loading, ProblemBanner],
  template: `@if (texts.error(); as error) {
      <o-problem [error]="error" retryable (retry)="texts.reload()" />
    } @else if (texts.hasValue()) {
      <o-compare-texts [name]="after().path" [before]="texts.value().before" [after]="texts.value().after" />
    } @else {
      <o-loading />
    }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VersionDiff {
  readonly beforeRun = input.required<string>();
  readonly before = input.required<ArtifactSummary>();
  readonly afterRun = input.required<string>();
  readonly after = input.required<ArtifactSummary>();
  private readonly gateway = inject(RunsGateway);
  protected readonly texts = rxResource({
    params: () => ({
      from: { run: this.beforeRun(), id: this.before().artifact_id },
      to: { run: this.afterRun(), id: this.after().artifact_id },
    }),
    stream: ({ params: { from, to } }) =>
      forkJoin({
        before: this.gateway.artifactText(from.run, from.id),
        after: this.gateway.artifactText(to.run, to.id),
      }),
  });
}
