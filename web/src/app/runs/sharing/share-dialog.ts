import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { firstValueFrom, type Observable, of } from 'rxjs';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Share, SharingGateway } from './sharing-gateway';

export interface SharedRun {
  readonly runId: string;
  readonly projectName: string;
}

/** Who else sees the run and who may operate it; changes are in force at once. */
@Component({
  selector: 'o-share-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, ProblemBanner],
  templateUrl: './share-dialog.html',
  styleUrl: './share-dialog.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShareDialog {
  protected readonly run = inject<SharedRun>(MAT_DIALOG_DATA);
  private readonly gateway = inject(SharingGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.shares(this.run.runId) });
  protected readonly shares = keepLast(this.resource);
  protected readonly whom = signal('');
  protected readonly everybody = signal(false);
  protected readonly role = signal<Share['role']>('viewer');
  protected readonly error = signal<unknown>(null);
  protected readonly busy = signal(false);
  protected readonly people = rxResource({
    params: () => (this.whom().trim().length > 0 ? this.whom().trim() : undefined),
    stream: ({ params }) => (params.length > 200 ? of([]) : this.gateway.people(params)),
  });

  protected type(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.whom.set(event.target.value);
  }

  protected chooseRole(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.role.set(event.target.value as Share['role']);
  }

  protected chooseEverybody(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.everybody.set(event.target.checked);
  }

  protected async share(event: Event): Promise<void> {
    event.preventDefault();
    const email = this.everybody() ? null : this.whom().trim();
    if (email === '') return;
    if (await this.act(this.gateway.share(this.run.runId, { email, role: this.role() }))) this.whom.set('');
  }

  protected async change(share: Share, event: Event): Promise<void> {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const role = event.target.value as Share['role'];
    await this.act(this.gateway.share(this.run.runId, { email: share.person?.email ?? null, role }));
  }

  protected async remove(share: Share): Promise<void> {
    await this.act(this.gateway.unshare(this.run.runId, share.share_id));
  }

  private async act(work: Observable<unknown>): Promise<boolean> {
    this.busy.set(true);
    this.error.set(null);
    try {
      await firstValueFrom(work, { defaultValue: null });
      this.resource.reload();
      return true;
    } catch (error) {
      this.error.set(error);
      return false;
    } finally {
      this.busy.set(false);
    }
  }
}
