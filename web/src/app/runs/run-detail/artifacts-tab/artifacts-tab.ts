import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router } from '@angular/router';
import { LucideDownload, LucideFile } from '@lucide/angular';
import { EmptyState } from '../../../shared/empty-state/empty-state';
import { BytesPipe } from '../../../shared/format/bytes';
import { keepLast } from '../../../shared/keep-last';
import { Loading } from '../../../shared/loading';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunsGateway } from '../../runs-gateway';
import { RunStore } from '../run-store';
import { ArtifactPane } from './artifact-pane';
import { artifactGroups, chooseArtifact } from './artifact-groups';

/** What the run made: a tree by phase on the left, the chosen artifact on the right. */
@Component({
  selector: 'o-artifacts-tab',
  imports: [
    ArtifactPane,
    BytesPipe,
    EmptyState,
    Loading,
    LucideDownload,
    LucideFile,
    MatButton,
    ProblemBanner,
  ],
  templateUrl: './artifacts-tab.html',
  styleUrl: './artifacts-tab.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ArtifactsTab {
  private readonly gateway = inject(RunsGateway);
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly query = toSignal(this.route.queryParamMap, { requireSync: true });
  protected readonly store = inject(RunStore);
  protected readonly allVersions = signal(false);

  protected readonly list = rxResource({
    params: () => {
      const runId = this.store.runId();
      return runId === '' ? undefined : { runId, all: this.allVersions() };
    },
    stream: ({ params }) => this.gateway.artifacts(params.runId, params.all),
  });
  protected readonly shown = keepLast(this.list);
  protected readonly groups = computed(() => {
    const list = this.shown();
    return list === undefined ? [] : artifactGroups(list, this.store.run()?.phases ?? []);
  });
  protected readonly chosen = computed(() => {
    const query = this.query();
    return chooseArtifact(this.groups(), {
      id: query.get('artifact'),
      path: query.get('path'),
      phase: query.get('phase'),
    });
  });
  protected readonly zipUrl = computed(() => this.gateway.zipUrl(this.store.runId()));

  constructor() {
    this.store.onChange(() => {
      this.list.reload();
    });
  }

  protected choose(artifact: string): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams: { artifact } });
  }
}
