import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7, validate } from 'uuid';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { forbidden, invalid, notFound } from '../problems/domain-error.js';
import { userActor } from '../runs/actor.js';
import { emit } from '../runs/domain/change.js';
import { RunChanges } from '../runs/run-changes.js';
import type { RunEntity } from '../runs/run.entity.js';
import { mentionedAddresses } from './domain/mentions.js';
import { RunCommentEntity } from './run-comment.entity.js';
import { presentPerson } from './shares.service.js';
import type { CommentDto, CreateCommentDto } from './sharing.dto.js';
import { SharingRepository } from './sharing.repository.js';

/** What people say about runs and their artifacts. */
@Injectable()
export class CommentsService {
  constructor(
    private readonly repository: SharingRepository,
    private readonly artifacts: ArtifactsRepository,
    private readonly changes: RunChanges,
  ) {}

  async list(run: RunEntity): Promise<CommentDto[]> {
    return this.present(await this.repository.comments(run.id));
  }

  /** Where the caller is mentioned, newest first. */
  async mentions(by: Principal): Promise<CommentDto[]> {
    return this.present(await this.repository.mentioning(by.userId, principalAllows(by, 'runs:read_all')));
  }

  /** @throws DomainError 400 where the artifact or the answered comment is none of the run's */
  async add(run: RunEntity, asked: CreateCommentDto, by: Principal): Promise<CommentDto> {
    const thread = await this.threadOf(run, asked.parent_id ?? null);
    const artifactId = thread?.artifactId ?? (await this.artifactOf(run, asked.artifact_id ?? null));
    const parentId = thread?.id ?? null;
    const mentions = await this.mentioned(run, asked.body);
    const id = await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const written = { id: v7(), runId: run.id, authorId: by.userId, body: asked.body };
      const times = { createdAt: change.now, editedAt: null, deletedAt: null };
      await tx.insert(RunCommentEntity, { ...written, artifactId, parentId, mentions, ...times });
      emit(change, 'comment.added', 'run', { comment_id: written.id, artifact_id: artifactId });
      return written.id;
    });
    return this.one(await this.own(run, id, by));
  }

  /** @throws DomainError 403 for somebody else's, 404 */
  async edit(run: RunEntity, id: string, body: string, by: Principal): Promise<CommentDto> {
    const comment = await this.own(run, id, by);
    if (comment.authorId !== by.userId) throw forbidden('Only who wrote a comment may change it.');
    const mentions = await this.mentioned(run, body);
    const editedAt = await this.changes.change(run.id, userActor(by), async (change, tx) => {
      await this.alter(tx, comment.id, { body, mentions, editedAt: change.now });
      emit(change, 'comment.edited', 'run', { comment_id: id });
      return change.now;
    });
    return this.one({ ...comment, body, mentions, editedAt });
  }

  /** Takes its text away; answers to it stay. @throws DomainError 403 for somebody else's, 404 */
  async remove(run: RunEntity, id: string, by: Principal): Promise<void> {
    const comment = await this.own(run, id, by);
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      await this.alter(tx, comment.id, { body: '', mentions: [], deletedAt: change.now });
      emit(change, 'comment.deleted', 'run', { comment_id: id });
    });
  }

  /** What was taken away meanwhile stays so. @throws DomainError 404 */
  private async alter(tx: EntityManager, id: string, changes: Partial<RunCommentEntity>): Promise<void> {
    const { affected } = await tx.update(RunCommentEntity, { id, deletedAt: IsNull() }, changes);
    if (affected !== 1) throw notFound('Comment', id);
  }

  private async own(run: RunEntity, id: string, by: Principal): Promise<RunCommentEntity> {
    const comment = validate(id) ? await this.repository.comment(run.id, id) : null;
    if (comment === null || comment.deletedAt !== null) throw notFound('Comment', id);
    const allowed = comment.authorId === by.userId || principalAllows(by, 'settings:manage');
    if (!allowed) throw forbidden('Only who wrote a comment may change it.');
    return comment;
  }

  private async mentioned(run: RunEntity, body: string): Promise<string[]> {
    const users = await this.repository.usersByEmail(mentionedAddresses(body));
    return (await this.repository.seeing(run.id, run.ownerId, users)).map(({ id }) => id);
  }

  private async artifactOf(run: RunEntity, id: string | null): Promise<string | null> {
    if (id === null || (await this.artifacts.find(run.id, id)) !== null) return id;
    throw invalid('The run has no such artifact.', [
      { pointer: '/artifact_id', message: 'is none of the run’s' },
    ]);
  }

  /** The comment that began the thread, which an answer to an answer belongs to as well; null: a new thread. */
  private async threadOf(run: RunEntity, id: string | null): Promise<RunCommentEntity | null> {
    if (id === null) return null;
    const answered = await this.repository.comment(run.id, id);
    const first = answered?.parentId ? await this.repository.comment(run.id, answered.parentId) : answered;
    if (first !== null) return first;
    throw invalid('The run has no such comment.', [
      { pointer: '/parent_id', message: 'is none of the run’s' },
    ]);
  }

  private async one(comment: RunCommentEntity): Promise<CommentDto> {
    const [shown] = await this.present([comment]);
    if (shown === undefined) throw new Error('The author of a comment is gone');
    return shown;
  }

  private async present(comments: readonly RunCommentEntity[]): Promise<CommentDto[]> {
    const ids = comments.flatMap(({ authorId, mentions }) => [authorId, ...mentions]);
    const users = await this.repository.users(ids);
    const person = (id: string) => {
      const user = users.get(id);
      return user === undefined ? [] : [presentPerson(user)];
    };
    return comments.flatMap((comment) =>
      person(comment.authorId).map((author) => ({
        comment_id: comment.id,
        run_id: comment.runId,
        artifact_id: comment.artifactId,
        parent_id: comment.parentId,
        author,
        body: comment.deletedAt === null ? comment.body : null,
        mentions: comment.mentions.flatMap(person),
        created_at: comment.createdAt.toISOString(),
        edited_at: comment.editedAt?.toISOString() ?? null,
      })),
    );
  }
}
