import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { form, FormField, pattern, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import type { CreateWebhookDto, WebhookEventType } from '../../api/generated/models';
import { WEBHOOK_EVENT_TYPE } from '../../api/generated/models/webhook-event-type-array';
import { Session } from '../../auth/session';
import { FieldError } from '../../shared/field-error';
import type { Webhook } from './webhooks-gateway';

const EMPTY = { name: '', url: '', scope: 'mine' as Webhook['scope'], profile: '', project: '' };
const USUAL: readonly WebhookEventType[] = ['run.completed', 'run.failed', 'phase.awaiting_approval'];

/** What a webhook is told, and where. */
@Component({
  selector: 'o-webhook-form',
  imports: [FieldError, FormField, MatButton],
  templateUrl: './webhook-form.html',
  styleUrl: './webhooks.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WebhookForm {
  /** The webhook that is being changed; null: a new one. */
  readonly webhook = input.required<Webhook | null>();
  readonly busy = input.required<boolean>();
  readonly saved = output<CreateWebhookDto>();
  readonly cancelled = output();
  private readonly session = inject(Session);
  protected readonly mayAll = computed(() => this.session.may('runs:read_all'));
  protected readonly types = WEBHOOK_EVENT_TYPE;
  protected readonly chosen = signal<ReadonlySet<WebhookEventType>>(new Set(USUAL));
  protected readonly noneChosen = signal(false);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Say what it is for.' });
    required(path.url, { message: 'Say where events are sent.' });
    pattern(path.url, /^https?:\/\/.+/, { message: 'An address that begins with https://.' });
  });

  constructor() {
    effect(() => this.show(this.webhook()));
  }

  protected toggle(type: WebhookEventType): void {
    this.chosen.update((before) => {
      const chosen = new Set(before);
      if (!chosen.delete(type)) chosen.add(type);
      return chosen;
    });
    this.noneChosen.set(this.chosen().size === 0);
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    this.noneChosen.set(this.chosen().size === 0);
    await submit(this.fields, () => {
      const { name, url, scope, profile, project } = this.model();
      if (!this.noneChosen()) {
        this.saved.emit({
          ...{ name: name.trim(), url: url.trim(), scope },
          ...{ profile: profile.trim() || null, project: project.trim() || null },
          event_types: this.types.filter((type) => this.chosen().has(type)),
        });
      }
      return Promise.resolve(undefined);
    });
  }

  private show(webhook: Webhook | null): void {
    this.chosen.set(new Set(webhook?.event_types ?? USUAL));
    this.noneChosen.set(false);
    this.fields().reset(
      webhook === null
        ? EMPTY
        : {
            ...{ name: webhook.name, url: webhook.url, scope: webhook.scope },
            ...{ profile: webhook.profile ?? '', project: webhook.project ?? '' },
          },
    );
  }
}
