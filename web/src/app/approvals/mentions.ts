import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { RunFeed } from '../runs/run-feed';
import { SharingGateway } from '../runs/sharing/sharing-gateway';
import { RelativeTime } from '../shared/format/relative-time';
import { keepLast } from '../shared/keep-last';
import { MarkdownView } from '../shared/preview/markdown-view';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { reloadSoon } from '../shared/reload-soon';

/** What others have said to the person who looks, with the way to answer. Nothing is shown where there is none. */
@Component({
  selector: 'o-mentions',
  imports: [MarkdownView, MatButton, ProblemBanner, RelativeTime, RouterLink],
  template: `
    @if (resource.error(); as error) {
      <o-problem [error]="error" retryable (retry)="resource.reload()" />
    }
    @if (mentions().length > 0) {
      <section class="panel" aria-label="Comments that mention you">
        <div class="panel-head">
          <h2>Comments that mention you</h2>
          <span class="muted small num">{{ mentions().length }}</span>
        </div>
        <div class="inside stack">
          @for (comment of mentions(); track comment.comment_id) {
            <article>
              <div class="row">
                <strong>{{ comment.author.name }}</strong>
                <span class="muted small"><o-time [at]="comment.created_at" /></span>
                <span class="grow"></span>
                <a matButton [routerLink]="['/runs', comment.run_id, 'activity']">Open the run</a>
              </div>
              <o-markdown [source]="comment.body ?? ''" />
            </article>
          }
        </div>
      </section>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Mentions {
  private readonly gateway = inject(SharingGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.mentions() });
  private readonly last = keepLast(this.resource);
  protected readonly mentions = computed(() => this.last() ?? []);

  constructor() {
    inject(RunFeed).follow(() => ({ kind: 'list' }), reloadSoon(this.resource));
  }
}
