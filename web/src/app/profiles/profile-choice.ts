import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { FieldError } from '../shared/field-error';
import type { ProfileSummary } from './profiles-gateway';

let made = 0;

/** The field that says which profile something is for. */
@Component({
  selector: 'o-profile-choice',
  imports: [FieldError, FormField],
  template: `
    <label [for]="id">Profile</label>
    <select class="input" [id]="id" [formField]="field()">
      <option value="">Choose a profile</option>
      @for (profile of profiles(); track profile.name) {
        <option [value]="profile.name">{{ profile.title }}</option>
      }
    </select>
    <o-field-error [field]="field()" />
  `,
  host: { class: 'field' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileChoice {
  readonly field = input.required<FieldTree<string>>();
  readonly profiles = input.required<readonly ProfileSummary[]>();
  protected readonly id = `profile-choice-${++made}`;
}
