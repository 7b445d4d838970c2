import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { Session } from '../../auth/session';
import { ProfilesGateway } from '../profiles-gateway';

export const REPOSITORY_NEEDS = {
  required: 'needs a Git repository',
  optional: 'may use a Git repository',
  none: 'no repository',
} as const;

/** What can be run: the newest version of every profile. */
@Component({
  selector: 'o-profile-list',
  imports: [EmptyState, Loading, MatButton, ProblemBanner, RouterLink],
  templateUrl: './profile-list.html',
  styleUrl: './profile-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileList {
  private readonly gateway = inject(ProfilesGateway);
  protected readonly session = inject(Session);
  protected readonly needs = REPOSITORY_NEEDS;
  protected readonly resource = rxResource({ stream: () => this.gateway.list() });
  protected readonly profiles = keepLast(this.resource);
}
