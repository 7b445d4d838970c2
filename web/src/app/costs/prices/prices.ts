import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, pattern, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom, type Observable } from 'rxjs';
import { Session } from '../../auth/session';
import { LucideChevronRight } from '@lucide/angular';
import { CountPipe } from '../../shared/format/count';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { CostsGateway, type Price } from '../costs-gateway';

const EMPTY = { provider: '', model: '', input: '', output: '', cacheRead: '', cacheWrite: '' };
const AMOUNT = /^\d{1,6}(\.\d{1,10})?$/;
const AMOUNTS = [
  { key: 'input', label: 'Input' },
  { key: 'output', label: 'Output' },
  { key: 'cacheRead', label: 'Cache read' },
  { key: 'cacheWrite', label: 'Cache write' },
] as const;

/** The prices of models, and those that an administrator set over them. */
@Component({
  selector: 'o-prices',
  imports: [CountPipe, FieldError, FormField, LucideChevronRight, MatButton, ProblemBanner],
  templateUrl: './prices.html',
  styleUrl: './prices.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Prices {
  private readonly gateway = inject(CostsGateway);
  protected readonly mayManage = inject(Session).may('budgets:manage');
  /** The table is long and seldom looked at: it is asked for when it is opened. */
  protected readonly opened = signal(false);
  protected readonly resource = rxResource({
    params: () => this.opened() || undefined,
    stream: () => this.gateway.prices(),
  });
  protected readonly prices = keepLast(this.resource);
  protected readonly amounts = AMOUNTS;
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.provider, { message: 'Name the provider, such as anthropic.' });
    required(path.model, { message: 'Name the model.' });
    for (const { key } of AMOUNTS) {
      required(path[key], { message: 'Dollars per million tokens.' });
      pattern(path[key], AMOUNT, { message: 'A decimal number, such as 2.50.' });
    }
  });
  protected readonly error = signal<unknown>(null);

  protected toggle(event: Event): void {
    this.opened.set((event.target as HTMLDetailsElement).open);
  }

  protected edit(price: Price): void {
    const { provider, model, input, output, cache_read: cacheRead, cache_write: cacheWrite } = price;
    this.model.set({ provider, model, input, output, cacheRead, cacheWrite });
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      const { provider, model, input, output, cacheRead, cacheWrite } = this.model();
      const price = { input, output, cache_read: cacheRead, cache_write: cacheWrite };
      if (await this.act(this.gateway.setPrice(provider.trim(), model.trim(), price))) {
        this.fields().reset(EMPTY);
      }
      return undefined;
    });
  }

  protected reset({ provider, model }: Price): void {
    void this.act(this.gateway.resetPrice(provider, model));
  }

  private async act(work: Observable<unknown>): Promise<boolean> {
    this.error.set(null);
    try {
      await firstValueFrom(work, { defaultValue: null });
      this.resource.reload();
      return true;
    } catch (error) {
      this.error.set(error);
      return false;
    }
  }
}
