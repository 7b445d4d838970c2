import { NgTemplateOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Session } from '../../auth/session';
import { Drafts } from '../../shared/drafts';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { MarkdownView } from '../../shared/preview/markdown-view';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { RunStore } from '../run-detail/run-store';
import { type Comment, SharingGateway } from './sharing-gateway';

interface Thread {
  readonly first: Comment;
  readonly answers: readonly Comment[];
}

/** What people say about a run: threads, and a field that keeps what is typed. */
@Component({
  selector: 'o-comments',
  imports: [MarkdownView, MatButton, NgTemplateOutlet, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './comments-panel.html',
  styleUrl: './comments-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CommentsPanel {
  readonly runId = input.required<string>();
  /** The artifact that is talked about; null: the run, with everything that is said of its artifacts. */
  readonly artifact = input<string | null>(null);
  private readonly gateway = inject(SharingGateway);
  private readonly drafts = inject(Drafts);
  private readonly session = inject(Session);
  protected readonly resource = rxResource({
    params: () => this.runId(),
    stream: ({ params }) => this.gateway.comments(params),
  });
  private readonly comments = keepLast(this.resource);
  private readonly said = computed(() => {
    const artifact = this.artifact();
    const comments = this.comments() ?? [];
    return artifact === null ? comments : comments.filter(({ artifact_id: id }) => id === artifact);
  });
  protected readonly threads = computed(() => threadsOf(this.said()));
  protected readonly count = computed(() => this.said().filter(({ body }) => body !== null).length);
  /** The comment that is being answered; null: a new thread. */
  protected readonly answering = signal<Comment | null>(null);
  /** The comment that is being changed; null: none. */
  protected readonly editing = signal<Comment | null>(null);
  private readonly draftKey = computed(() => {
    const artifact = this.artifact();
    return `comment.${this.runId()}${artifact === null ? '' : `.${artifact}`}`;
  });
  protected readonly text = linkedSignal(() => this.drafts.read(this.draftKey(), { text: '' }).text);
  protected readonly error = signal<unknown>(null);
  protected readonly busy = signal(false);
  protected readonly may = computed(() => this.session.may('comments:write'));

  constructor() {
    effect(() => {
      this.drafts.write(this.draftKey(), { text: this.text() });
    });
    inject(RunStore).onChange(() => {
      this.resource.reload();
    });
  }

  protected own(comment: Comment): boolean {
    return comment.author.user_id === this.session.user()?.user_id;
  }

  protected mayRemove(comment: Comment): boolean {
    return this.may() && (this.own(comment) || this.session.may('settings:manage'));
  }

  protected async edit(event: Event, { comment_id: id }: Comment, text: string): Promise<void> {
    event.preventDefault();
    const body = text.trim();
    if (body === '') return;
    await this.act(async () => {
      await firstValueFrom(this.gateway.editComment(this.runId(), id, body));
      this.editing.set(null);
    });
  }

  protected type(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.text.set(event.target.value);
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    const body = this.text().trim();
    if (body === '') return;
    const parent = this.answering()?.comment_id ?? null;
    await this.act(async () => {
      await firstValueFrom(
        this.gateway.comment(this.runId(), { body, parent_id: parent, ...this.subject() }),
      );
      this.text.set('');
      this.answering.set(null);
    });
  }

  protected async remove({ comment_id: id }: Comment): Promise<void> {
    await this.act(() =>
      firstValueFrom(this.gateway.removeComment(this.runId(), id), { defaultValue: null }),
    );
  }

  /** An answer is about what the first comment of its thread is about. */
  private subject(): { readonly artifact_id?: string } {
    const artifact = this.artifact() ?? this.answering()?.artifact_id ?? null;
    return artifact === null ? {} : { artifact_id: artifact };
  }

  private async act(work: () => Promise<unknown>): Promise<void> {
    this.busy.set(true);
    this.error.set(null);
    try {
      await work();
      this.resource.reload();
    } catch (error) {
      this.error.set(error);
    } finally {
      this.busy.set(false);
    }
  }
}

const threadsOf = (comments: readonly Comment[]): Thread[] =>
  comments
    .filter(({ parent_id: parent }) => parent === null)
    .map((first) => ({
      first,
      answers: comments.filter(({ parent_id: parent }) => parent === first.comment_id),
    }));
