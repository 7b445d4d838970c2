import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { Loading } from '../../shared/loading';
import { CompareTexts } from '../../shared/preview/diff/compare-view';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type ProfileDetail, ProfilesGateway } from '../profiles-gateway';

/** What changed from another version of a profile to the one that is shown. */
@Component({
  selector: 'o-profile-diff',
  imports: [CompareTexts, Loading, ProblemBanner],
  template: `@if (other.error(); as error) {
      <o-problem [error]="error" retryable (retry)="other.reload()" />
    } @else if (other.hasValue()) {
      <o-compare-texts
        [name]="profile().name + '.' + profile().format"
        [before]="other.value().source"
        [after]="profile().source"
      />
    } @else {
      <o-loading />
    }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileDiff {
  readonly profile = input.required<ProfileDetail>();
  /** Number of the other version. */
  readonly against = input.required<number>();
  private readonly gateway = inject(ProfilesGateway);
  protected readonly other = rxResource({
    params: () => ({ name: this.profile().name, version: this.against() }),
    stream: ({ params }) => this.gateway.get(params.name, params.version),
  });
}
