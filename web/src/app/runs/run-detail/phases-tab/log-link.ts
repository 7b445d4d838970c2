import { Location } from '@angular/common';
import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type Params, Router } from '@angular/router';
import type { LogSource } from '../../runs-gateway';

/** The line of a log that the address points to. */
@Injectable()
export class LogLink {
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly location = inject(Location);
  private readonly query = toSignal(this.route.queryParamMap, { requireSync: true });
  private jumps = true;

  /** Its number, from 1; null: none. */
  readonly line = computed(() => {
    const number = Number(this.query().get('line') ?? '');
    return Number.isInteger(number) && number > 0 ? number : null;
  });

  /** Whether the page has still to go to the line; true once. */
  readonly takeJump = (): boolean => {
    const jumps = this.jumps;
    this.jumps = false;
    return jumps;
  };

  /** Writes a line into the address; the page stays where it is. */
  mark(source: LogSource, line: number): void {
    this.jumps = false;
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: paramsOf(source, line),
      replaceUrl: true,
    });
  }

  /** An address of the line that can be sent to somebody. */
  address(source: LogSource, line: number): string {
    const tree = this.router.createUrlTree(['/runs', source.runId, 'phases'], {
      queryParams: paramsOf(source, line),
    });
    return new URL(this.location.prepareExternalUrl(this.router.serializeUrl(tree)), document.baseURI).href;
  }
}

const paramsOf = ({ phase, step, attempt }: LogSource, line: number): Params => ({
  phase,
  step,
  attempt,
  line,
});
