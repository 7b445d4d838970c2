import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { ProfileSummary } from '../../profiles/profiles-gateway';
import { REPOSITORY_NEEDS } from '../../profiles/profile-list/profile-list';

const SHOWN_DELIVERABLES = 4;

/** The profiles to choose from: what each is for, needs and produces. */
@Component({
  selector: 'o-profile-cards',
  template: `
    @for (profile of profiles(); track profile.name) {
      <label [class.chosen]="profile.name === chosen()">
        <input
          type="radio"
          name="profile"
          [value]="profile.name"
          [checked]="profile.name === chosen()"
          (change)="choose.emit(profile.name)"
        />
        <span class="title">{{ profile.title }}</span>
        <span class="about">{{ profile.description }}</span>
        <span class="small muted">{{ path(profile) }}</span>
        <span class="small muted">{{ needs[profile.repository] }} · makes {{ makes(profile) }}</span>
      </label>
    }
  `,
  styleUrl: './profile-cards.scss',
  host: { role: 'radiogroup', 'aria-label': 'Profile' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileCards {
  readonly profiles = input.required<readonly ProfileSummary[]>();
  readonly chosen = input.required<string>();
  readonly choose = output<string>();
  protected readonly needs = REPOSITORY_NEEDS;

  protected path(profile: ProfileSummary): string {
    return profile.phases.map((phase) => phase.title).join(' → ');
  }

  protected makes(profile: ProfileSummary): string {
    const names = profile.deliverables.map(({ path }) => path);
    const more = names.length - SHOWN_DELIVERABLES;
    const shown = names.slice(0, SHOWN_DELIVERABLES).join(', ');
    if (names.length === 0) return 'what its steps report';
    return more > 0 ? `${shown} and ${String(more)} more` : shown;
  }
}
