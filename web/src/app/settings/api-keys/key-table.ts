import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Questions } from '../../shared/dialogs/questions';
import { RelativeTime } from '../../shared/format/relative-time';
import type { ApiKey } from '../settings-gateway';

/** API keys as they can be seen once they are made; asks before one is revoked. */
@Component({
  selector: 'o-key-table',
  imports: [MatButton, RelativeTime],
  template: `<div class="table-scroll">
    <table class="data-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" class="wide">Begins with</th>
          <th scope="col">May</th>
          <th scope="col" class="num wide">Made</th>
          <th scope="col" class="num">Last used</th>
          <th scope="col" class="num wide">Ends</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        @for (key of keys(); track key.api_key_id) {
          <tr>
            <td>{{ key.name }}</td>
            <td class="mono wide">{{ key.prefix }}…</td>
            <td>{{ key.scopes?.join(', ') ?? unlimited() }}</td>
            <td class="num wide"><o-time [at]="key.created_at" /></td>
            <td class="num">
              @if (key.last_used_at) {
                <o-time [at]="key.last_used_at" />
              } @else {
                <span class="muted">never</span>
              }
            </td>
            <td class="num wide">
              @if (key.expires_at) {
                <o-time [at]="key.expires_at" />
              } @else {
                <span class="muted">never</span>
              }
            </td>
            <td class="num">
              <button matButton type="button" [attr.aria-label]="'Revoke ' + key.name" (click)="revoke(key)">
                Revoke
              </button>
            </td>
          </tr>
        }
      </tbody>
    </table>
  </div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyTable {
  readonly keys = input.required<readonly ApiKey[]>();
  /** What a key may that is not narrowed. */
  readonly unlimited = input.required<string>();
  /** A key that is to be revoked: it was asked for, and meant. */
  readonly revoked = output<ApiKey>();
  private readonly questions = inject(Questions);

  protected async revoke(key: ApiKey): Promise<void> {
    const answer = await this.questions.ask({
      title: `Revoke ${key.name}?`,
      text: 'Whatever uses this key is refused from now on.',
      label: null,
      required: false,
      confirm: 'Revoke the key',
      danger: true,
    });
    if (answer !== undefined) this.revoked.emit(key);
  }
}
