import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { firstValueFrom, type Observable } from 'rxjs';
import { CountPipe } from '../../shared/format/count';
import { MoneyPipe } from '../../shared/format/money';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { CostsGateway, type UnknownCall } from '../costs-gateway';

/** Calls whose maker ended before saying what they used: an administrator says it. */
@Component({
  selector: 'o-unknown-calls',
  imports: [CountPipe, MatButton, MoneyPipe, ProblemBanner, RelativeTime],
  templateUrl: './unknown-calls.html',
  styles: `
    :host {
      display: contents;
    }
    .tokens {
      width: 110px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UnknownCalls {
  readonly decided = output();
  private readonly gateway = inject(CostsGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.unknownCalls() });
  protected readonly calls = keepLast(this.resource);
  protected readonly error = signal<unknown>(null);

  protected settle(event: Event, call: UnknownCall, input: string, output: string): void {
    event.preventDefault();
    const used = { input_tokens: Number(input), output_tokens: Number(output) };
    void this.act(this.gateway.settleCall(call.call_id, used));
  }

  protected release(call: UnknownCall): void {
    void this.act(this.gateway.releaseCall(call.call_id));
  }

  private async act(work: Observable<unknown>): Promise<void> {
    this.error.set(null);
    try {
      await firstValueFrom(work, { defaultValue: null });
      this.resource.reload();
      this.decided.emit();
    } catch (error) {
      this.error.set(error);
    }
  }
}
