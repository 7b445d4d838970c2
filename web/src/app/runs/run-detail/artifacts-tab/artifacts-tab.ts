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
import {
  type ArtifactGroup,
  artifactGroups,
  beginningFolder,
  chooseArtifact,
  type Versions,
} from './artifact-groups';

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
  protected readonly beginningFolder = beginningFolder;
  protected readonly allVersions = signal(false);
  /** Id of the version that the chosen one is compared with. */
  protected readonly compared = computed(() => this.query().get('compare'));

  protected readonly list = rxResource({
    params: () => this.store.runId() || undefined,
    // With the older versions: they are compared with the newest without another request.
    stream: ({ params }) => this.gateway.artifacts(params, true),
  });
  protected readonly shown = keepLast(this.list);
  private readonly everything = computed(() => this.grouped('all'));
  protected readonly artifacts = computed(() => this.everything().flatMap(({ artifacts }) => artifacts));
  protected readonly groups = computed(() =>
    this.allVersions() ? this.everything() : this.grouped('newest'),
  );
  protected readonly count = computed(() => this.artifacts().filter(({ superseded }) => !superseded).length);
  protected readonly chosen = computed(() => {
    const query = this.query();
    return chooseArtifact(this.everything(), {
      id: query.get('artifact'),
      path: query.get('path'),
      sha256: query.get('sha256'),
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

  protected compare(compare: string | null): void {
    const artifact = this.chosen()?.artifact_id;
    void this.router.navigate([], { relativeTo: this.route, queryParams: { artifact, compare } });
  }

  private grouped(versions: Versions): readonly ArtifactGroup[] {
    const list = this.shown();
    return list === undefined ? [] : artifactGroups(list, this.store.run()?.phases ?? [], versions);
  }
}
