import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { v7, validate } from 'uuid';
import { normalizeEmail } from '../auth/domain/email.js';
import type { Principal } from '../auth/domain/principal.js';
import type { UserEntity } from '../auth/user.entity.js';
import { invalid, notFound } from '../problems/domain-error.js';
import { userActor } from '../runs/actor.js';
import { emit } from '../runs/domain/change.js';
import { RunChanges } from '../runs/run-changes.js';
import type { RunEntity } from '../runs/run.entity.js';
import { RunShareEntity } from './run-share.entity.js';
import type { PersonDto, PutShareDto, ShareDto } from './sharing.dto.js';
import { SharingRepository } from './sharing.repository.js';

/** A person as others see them. */
export const presentPerson = ({ id, name, email }: UserEntity): PersonDto => ({ user_id: id, name, email });

/** Shares runs with people, or with everybody. */
@Injectable()
export class SharesService {
  constructor(
    private readonly repository: SharingRepository,
    private readonly changes: RunChanges,
  ) {}

  async people(beginning: string): Promise<PersonDto[]> {
    return (await this.repository.people(beginning.trim())).map(presentPerson);
  }

  async list(run: RunEntity): Promise<ShareDto[]> {
    const shares = await this.repository.shares(run.id);
    const users = await this.repository.users(shares.flatMap(({ userId }) => userId ?? []));
    const shown = shares.map((share) => present(share, users));
    return shown.sort((a, b) => (a.person?.name ?? '').localeCompare(b.person?.name ?? ''));
  }

  /** Shares the run, or changes for what. @throws DomainError 400 where nobody has this address, or the owner has */
  async put(run: RunEntity, asked: PutShareDto, by: Principal): Promise<ShareDto> {
    const user = asked.email === null ? null : await this.whom(asked.email);
    if (user?.id === run.ownerId) throw wrongAddress('is the owner’s, who needs no share');
    const userId = user?.id ?? null;
    const share = await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const known = await tx.findOneBy(RunShareEntity, { runId: run.id, userId: userId ?? IsNull() });
      const fresh = { id: v7(), runId: run.id, userId, createdAt: change.now };
      const saved = await tx.save(RunShareEntity, { ...(known ?? fresh), role: asked.role });
      emit(change, 'run.shared', 'run', { with: user?.name ?? null, role: asked.role });
      return saved;
    });
    return present(share, new Map(user === null ? [] : [[user.id, user]]));
  }

  /** @throws DomainError 404 */
  async remove(run: RunEntity, id: string, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const share = validate(id) ? await tx.findOneBy(RunShareEntity, { id, runId: run.id }) : null;
      if (share === null) throw notFound('Share', id);
      await tx.delete(RunShareEntity, { id });
      const users = await this.repository.users(share.userId === null ? [] : [share.userId]);
      emit(change, 'run.unshared', 'run', { with: users.get(share.userId ?? '')?.name ?? null });
    });
  }

  private async whom(email: string): Promise<UserEntity> {
    const [user] = await this.repository.usersByEmail([normalizeEmail(email)]);
    if (user === undefined || user.disabledAt !== null) throw wrongAddress('is nobody’s who can sign in');
    return user;
  }
}

const wrongAddress = (why: string): Error =>
  invalid(`The e-mail address ${why}.`, [{ pointer: '/email', message: why }]);

const present = (share: RunShareEntity, users: ReadonlyMap<string, UserEntity>): ShareDto => {
  const user = users.get(share.userId ?? '');
  return {
    share_id: share.id,
    person: user === undefined ? null : presentPerson(user),
    role: share.role,
    created_at: share.createdAt.toISOString(),
  };
};
