import { ChangeDetectionStrategy, Component, effect, inject, input, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Webhook, type WebhookDelivery, WebhooksGateway } from './webhooks-gateway';

/** What was delivered to one webhook, the newest first, a page at a time. */
@Component({
  selector: 'o-webhook-deliveries',
  imports: [EmptyState, MatButton, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './webhook-deliveries.html',
  styleUrl: './webhooks.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WebhookDeliveries {
  readonly webhook = input.required<Webhook>();
  /** Another number reads anew. */
  readonly version = input.required<number>();
  private readonly gateway = inject(WebhooksGateway);
  /** Ends of the pages before the one that is shown. */
  protected readonly befores = signal<readonly (number | null)[]>([null]);
  protected readonly resource = rxResource({
    params: () => ({
      id: this.webhook().webhook_id,
      before: this.befores().at(-1) ?? null,
      version: this.version(),
    }),
    stream: ({ params: { id, before } }) => this.gateway.deliveries(id, before),
  });
  protected readonly page = keepLast(this.resource);
  protected readonly error = signal<unknown>(null);

  constructor() {
    effect(() => {
      this.webhook();
      this.befores.set([null]);
    });
  }

  protected older(before: number): void {
    this.befores.update((befores) => [...befores, before]);
  }

  protected newer(): void {
    this.befores.update((befores) => befores.slice(0, -1));
  }

  protected async redeliver(delivery: WebhookDelivery): Promise<void> {
    this.error.set(null);
    try {
      await firstValueFrom(this.gateway.redeliver(this.webhook().webhook_id, delivery.delivery_id));
      this.resource.reload();
    } catch (error) {
      this.error.set(error);
    }
  }
}
