import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { Session } from '../../auth/session';
import { ProfilesGateway } from '../profiles-gateway';

export const REPOSITORY_NEEDS = {
  required: 'needs a repository',
  optional: 'with or without a repository',
  none: 'no repository',
} as const;

/** What can be run: the newest version of every profile. */
@Component({
  selector: 'o-profile-list',
  imports: [EmptyState, Loading, LucidePlus, MatButton, ProblemBanner, RouterLink],
  templateUrl: './profile-list.html',
  styleUrl: './profile-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileList {
  private readonly gateway = inject(ProfilesGateway);
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  protected readonly resource = rxResource({ stream: () => this.gateway.list() });
  private readonly all = keepLast(this.resource);
  /** What is looked for; in the address, so that it can be shared. */
  readonly q = input('', { transform: (words: string | undefined) => words ?? '' });
  protected readonly needs = { required: 'required', optional: 'optional', none: 'none' } as const;
  protected readonly profiles = computed(() => {
    const words = this.q().toLowerCase().split(/\s+/);
    return this.all()
      ?.filter(({ title, name, description }) => {
        const text = `${title} ${name} ${description}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .sort((a, b) => a.title.localeCompare(b.title));
  });

  protected find(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    void this.router.navigate([], { queryParams: { q: target.value || null }, replaceUrl: true });
  }
}
