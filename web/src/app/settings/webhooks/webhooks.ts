import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { firstValueFrom, type Observable } from 'rxjs';
import type { CreateWebhookDto } from '../../api/generated/models';
import { CopyText } from '../../shared/copy-text';
import { Questions } from '../../shared/dialogs/questions';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { WebhookDeliveries } from './webhook-deliveries';
import { WebhookForm } from './webhook-form';
import { type Webhook, WebhooksGateway } from './webhooks-gateway';

/** Webhooks: made with a secret that is shown once, tried out, changed and removed; and what was delivered. */
@Component({
  selector: 'o-webhooks',
  imports: [CopyText, EmptyState, MatButton, ProblemBanner, RelativeTime, WebhookDeliveries, WebhookForm],
  templateUrl: './webhooks.html',
  styleUrl: './webhooks.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Webhooks {
  private readonly gateway = inject(WebhooksGateway);
  private readonly questions = inject(Questions);
  protected readonly resource = rxResource({ stream: () => this.gateway.all() });
  protected readonly webhooks = keepLast(this.resource);
  protected readonly error = signal<unknown>(null);
  protected readonly busy = signal(false);
  /** The webhook that is being changed. */
  protected readonly changing = signal<Webhook | null>(null);
  /** The secret that was just made: it is never shown again. */
  protected readonly secret = signal<{ readonly of: string; readonly text: string } | null>(null);
  private readonly openId = signal<string | null>(null);
  /** Whose deliveries are shown. */
  protected readonly open = computed(
    () => this.webhooks()?.find(({ webhook_id: id }) => id === this.openId()) ?? null,
  );
  /** Rises with everything that makes a delivery. */
  protected readonly version = signal(0);

  protected async save(asked: CreateWebhookDto): Promise<void> {
    const known = this.changing();
    if (known !== null) {
      if ((await this.act(this.gateway.update(known.webhook_id, asked))) !== null) this.changing.set(null);
      return;
    }
    const made = await this.act(this.gateway.create(asked));
    if (made !== null) this.secret.set({ of: made.name, text: made.secret });
  }

  protected async toggle({ webhook_id: id, active }: Webhook): Promise<void> {
    await this.act(this.gateway.update(id, { active: !active }));
  }

  protected async test({ webhook_id: id }: Webhook): Promise<void> {
    if ((await this.act(this.gateway.test(id))) === null) return;
    this.openId.set(id);
    this.version.update((before) => before + 1);
  }

  protected show({ webhook_id: id }: Webhook): void {
    this.openId.update((before) => (before === id ? null : id));
  }

  protected async rotate(webhook: Webhook): Promise<void> {
    const text = 'For 24 hours deliveries are signed with the present secret as well.';
    if (!(await this.confirmed(`Give ${webhook.name} another secret?`, text, 'Make another secret'))) return;
    const made = await this.act(this.gateway.rotate(webhook.webhook_id));
    if (made !== null) this.secret.set({ of: made.name, text: made.secret });
  }

  protected async remove(webhook: Webhook): Promise<void> {
    const text = 'Its receiver is told nothing more, and the list of its deliveries goes with it.';
    if (!(await this.confirmed(`Remove ${webhook.name}?`, text, 'Remove the webhook'))) return;
    await this.act(this.gateway.remove(webhook.webhook_id));
    if (this.changing()?.webhook_id === webhook.webhook_id) this.changing.set(null);
  }

  private async confirmed(title: string, text: string, confirm: string): Promise<boolean> {
    const question = { title, text, label: null, required: false, confirm, danger: true };
    return (await this.questions.ask(question)) !== undefined;
  }

  /** Null where it failed; the problem is shown. */
  private async act<T>(work: Observable<T>): Promise<T | null> {
    this.error.set(null);
    this.busy.set(true);
    try {
      const done = await firstValueFrom(work, { defaultValue: {} as T });
      this.resource.reload();
      return done;
    } catch (error) {
      this.error.set(error);
      return null;
    } finally {
      this.busy.set(false);
    }
  }
}
