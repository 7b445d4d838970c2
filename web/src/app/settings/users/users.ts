import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { email, form, FormField, minLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom, type Observable } from 'rxjs';
import type { Role } from '../../auth/auth-gateway';
import { Session } from '../../auth/session';
import { CopyText } from '../../shared/copy-text';
import { type ReasonAnswer, ReasonDialog, type ReasonQuestion } from '../../shared/dialogs/reason-dialog';
import { FieldError } from '../../shared/field-error';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { SettingsGateway, type User } from '../settings-gateway';
import { NewServiceAccount } from './new-service-account';
import { ServiceKeys } from './service-keys';

const ROLES: readonly Role[] = ['admin', 'member', 'viewer'];
const EMPTY: { name: string; email: string; role: Role; password: string } = {
  name: '',
  email: '',
  role: 'member',
  password: '',
};

/** The people and programs of this server, their roles, and who is kept out. */
@Component({
  selector: 'o-users',
  imports: [
    CopyText,
    FieldError,
    FormField,
    MatButton,
    NewServiceAccount,
    ProblemBanner,
    RelativeTime,
    ServiceKeys,
  ],
  templateUrl: './users.html',
  styleUrl: './users.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Users {
  private readonly gateway = inject(SettingsGateway);
  private readonly dialog = inject(MatDialog);
  protected readonly me = inject(Session).user;
  protected readonly roles = ROLES;
  protected readonly resource = rxResource({ stream: () => this.gateway.users() });
  protected readonly users = keepLast(this.resource);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Enter a name.' });
    required(path.email, { message: 'Enter an e-mail address.' });
    email(path.email, { message: 'This is not an e-mail address.' });
    required(path.password, { message: 'Choose a first password.' });
    minLength(path.password, 12, { message: 'The password needs at least 12 characters.' });
  });
  protected readonly error = signal<unknown>(null);
  /** The link that was just made: it is not shown again. */
  protected readonly link = signal<{ readonly name: string; readonly url: string } | null>(null);

  /** The service account whose keys are shown, at most one: each has a panel of its own. */
  protected readonly opened = signal<readonly User[]>([]);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      if (await this.send(this.gateway.createUser(this.model()))) this.fields().reset(EMPTY);
      return undefined;
    });
  }

  protected setRole(user: User, event: Event): void {
    const value = event.target instanceof HTMLSelectElement ? event.target.value : '';
    const role = ROLES.find((candidate) => candidate === value);
    if (role !== undefined) void this.send(this.gateway.updateUser(user.user_id, { role }));
  }

  protected async makeLink(user: User): Promise<void> {
    this.error.set(null);
    try {
      const { reset_url: url } = await firstValueFrom(this.gateway.makeResetLink(user.user_id));
      this.link.set({ name: user.name, url });
    } catch (error) {
      this.error.set(error);
    }
  }

  protected async removeTotp(user: User): Promise<void> {
    const dialog = this.dialog.open<ReasonDialog, ReasonQuestion, ReasonAnswer>(ReasonDialog, {
      data: {
        title: `Remove the second factor of ${user.name}?`,
        text: 'Their password is enough to sign in then. Make sure that it is they who ask for it.',
        label: null,
        required: false,
        confirm: 'Remove it',
        danger: true,
      },
    });
    if ((await firstValueFrom(dialog.afterClosed())) === undefined) return;
    await this.send(this.gateway.removeTotp(user.user_id));
  }

  protected setDisabled(user: User, disabled: boolean): void {
    void this.send(this.gateway.updateUser(user.user_id, { disabled }));
  }

  private async send(request: Observable<unknown>): Promise<boolean> {
    this.error.set(null);
    try {
      await firstValueFrom(request, { defaultValue: null });
      return true;
    } catch (error) {
      this.error.set(error);
      return false;
    } finally {
      this.resource.reload();
    }
  }
}
