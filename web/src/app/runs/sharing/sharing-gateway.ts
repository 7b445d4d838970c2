import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../../api/generated/api';
import { createComment } from '../../api/generated/fn/comments/create-comment';
import { editComment } from '../../api/generated/fn/comments/edit-comment';
import { deleteComment } from '../../api/generated/fn/comments/delete-comment';
import { listComments } from '../../api/generated/fn/comments/list-comments';
import { listMentions } from '../../api/generated/fn/comments/list-mentions';
import { deleteShare } from '../../api/generated/fn/sharing/delete-share';
import { findPeople } from '../../api/generated/fn/sharing/find-people';
import { listShares } from '../../api/generated/fn/sharing/list-shares';
import { putShare } from '../../api/generated/fn/sharing/put-share';
import type {
  CommentDto,
  CreateCommentDto,
  PersonDto,
  PutShareDto,
  ShareDto,
} from '../../api/generated/models';

export type Comment = CommentDto;
export type Person = PersonDto;
export type Share = ShareDto;

/** With whom a run is shared, and what they say about it. */
@Injectable({ providedIn: 'root' })
export class SharingGateway {
  private readonly api = inject(Api);

  /** People whose name or address begins so. */
  people(beginning: string): Observable<readonly Person[]> {
    return this.api.invoke(findPeople, { q: beginning }).pipe(map(({ people }) => people));
  }

  shares(runId: string): Observable<readonly Share[]> {
    return this.api.invoke(listShares, { run_id: runId }).pipe(map(({ shares }) => shares));
  }

  share(runId: string, share: PutShareDto): Observable<Share> {
    return this.api.invoke(putShare, { run_id: runId, body: share });
  }

  unshare(runId: string, shareId: string): Observable<unknown> {
    return this.api.invoke(deleteShare, { run_id: runId, share_id: shareId });
  }

  comments(runId: string): Observable<readonly Comment[]> {
    return this.api.invoke(listComments, { run_id: runId }).pipe(map(({ comments }) => comments));
  }

  /** Where the person who looks is mentioned, newest first. */
  mentions(): Observable<readonly Comment[]> {
    return this.api.invoke(listMentions).pipe(map(({ comments }) => comments));
  }

  comment(runId: string, comment: CreateCommentDto): Observable<Comment> {
    return this.api.invoke(createComment, { run_id: runId, body: comment });
  }

  editComment(runId: string, commentId: string, body: string): Observable<Comment> {
    return this.api.invoke(editComment, { run_id: runId, comment_id: commentId, body: { body } });
  }

  removeComment(runId: string, commentId: string): Observable<unknown> {
    return this.api.invoke(deleteComment, { run_id: runId, comment_id: commentId });
  }
}
