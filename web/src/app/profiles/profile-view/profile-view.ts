import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  numberAttribute,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { Session } from '../../auth/session';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { DurationPipe } from '../../shared/format/duration';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { CodeView } from '../../shared/preview/code-view';
import { isMissing } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { PageTitle } from '../../shell/page-title';
import { REPOSITORY_NEEDS } from '../profile-list/profile-list';
import { ProfilesGateway } from '../profiles-gateway';
import { ProfileDiff } from './profile-diff';
import { ProfileGraph } from './profile-graph';

const optionalNumber = (value: unknown): number | null => {
  const number = numberAttribute(value, 0);
  return number > 0 ? number : null;
};

/** One version of a profile: its phases, steps and gates, and the text that was published. */
@Component({
  selector: 'o-profile-view',
  imports: [
    CodeView,
    DurationPipe,
    EmptyState,
    Loading,
    MatButton,
    ProblemBanner,
    ProfileDiff,
    ProfileGraph,
    RelativeTime,
    RouterLink,
  ],
  templateUrl: './profile-view.html',
  styleUrl: './profile-view.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileView {
  readonly name = input.required<string>();
  readonly version = input(null, { transform: optionalNumber });
  /** Version that the shown one is compared with; null: none. */
  readonly against = input(null, { transform: optionalNumber });
  private readonly gateway = inject(ProfilesGateway);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  protected readonly session = inject(Session);
  protected readonly needs = REPOSITORY_NEEDS;

  protected readonly resource = rxResource({
    params: () => ({ name: this.name(), version: this.version() }),
    stream: ({ params }) => this.gateway.get(params.name, params.version),
  });
  private readonly versionList = rxResource({
    params: () => this.name(),
    stream: ({ params }) => this.gateway.versions(params),
  });
  private readonly last = keepLast(this.resource);
  protected readonly profile = computed(() => (this.last()?.name === this.name() ? this.last() : undefined));
  protected readonly versions = keepLast(this.versionList);
  protected readonly missing = computed(() => isMissing(this.resource.error()));

  constructor() {
    const title = inject(PageTitle);
    effect(() => {
      title.set(this.profile()?.title ?? (this.missing() ? 'No such profile' : 'Profile'));
    });
  }

  protected compare(event: Event): void {
    const against = event.target instanceof HTMLSelectElement ? event.target.value || null : null;
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: { against },
      queryParamsHandling: 'merge',
    });
  }
}
