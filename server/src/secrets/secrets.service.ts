import { Injectable } from '@nestjs/common';
import { v7, validate } from 'uuid';
import { DomainError, notFound } from '../problems/domain-error.js';
import { TotpSecrets } from '../auth/totp/totp-secrets.js';
import { AuditLog } from '../audit/audit-log.js';
import { resealAll, type Resealed } from './reseal.js';
import { SealedStores, type SealedStore } from './sealed-stores.js';
import { SecretCipher } from './secret-cipher.js';
import type { SecretEntity } from './secret.entity.js';
import type { CreateSecretDto } from './secrets.dto.js';
import { SecretsRepository, type SecretWish } from './secrets.repository.js';

/** Keeps values that steps are given and that nobody can read back. */
@Injectable()
export class SecretsService {
  constructor(
    private readonly secrets: SecretsRepository,
    private readonly cipher: SecretCipher,
    private readonly audit: AuditLog,
    private readonly secondFactors: TotpSecrets,
    private readonly stores: SealedStores,
  ) {}

  list(): Promise<SecretEntity[]> {
    return this.secrets.all();
  }

  /** @throws DomainError 409 when there is one with this name and scope */
  async create(asked: CreateSecretDto, userId: string): Promise<SecretEntity> {
    const now = new Date();
    const id = v7();
    const secret = {
      ...{ id, name: asked.name, profile: asked.profile ?? null, project: asked.project ?? null },
      sealed: this.cipher.seal(asked.value, contextOf(id)),
      ...{ createdAt: now, updatedAt: now, updatedBy: userId, lastUsedAt: null },
    };
    if (await this.secrets.insert(secret)) return secret;
    const detail = `There is a secret ${asked.name} for this profile and project: set a new value for that one.`;
    throw new DomainError(409, 'secret_exists', detail);
  }

  /** Sets a new value, which the next try of a step is given. @throws DomainError 404 */
  async replace(id: string, value: string, userId: string): Promise<SecretEntity> {
    const secret = validate(id) ? await this.secrets.find(id) : null;
    if (secret === null) throw notFound('Secret', id);
    const sealed = this.cipher.seal(value, contextOf(id));
    const changed = { ...secret, sealed, updatedAt: new Date(), updatedBy: userId };
    if (!(await this.secrets.setValue(changed))) throw notFound('Secret', id);
    return changed;
  }

  /** @throws DomainError 404 */
  async remove(id: string): Promise<void> {
    if (!validate(id) || !(await this.secrets.remove(id))) throw notFound('Secret', id);
  }

  /**
   * What a claimed step is given. A step is claimed only in a phase that started, after every gate before it, so
   * nothing is released earlier.
   * @throws DomainError 409 `secret_missing`, `secret_unreadable`
   */
  async release(wish: SecretWish): Promise<Readonly<Record<string, string>>> {
    if (wish.names.length === 0) return {};
    const found = await this.secrets.fitting(wish);
    const missing = wish.names.filter((name) => !found.some((secret) => secret.name === name));
    if (missing.length > 0) {
      const names = missing.join(', ');
      const detail = `No secret is stored for ${names}. An administrator stores it under Settings, Secrets, or with POST /secrets; then retry.`;
      throw new DomainError(409, 'secret_missing', detail);
    }
    const values = Object.fromEntries(found.map((secret) => [secret.name, this.open(secret)]));
    await this.secrets.recordUse(
      wish,
      found.map(({ id }) => id),
    );
    await this.audit.record({
      ...{ at: new Date(), actorId: null, actorName: 'system', via: null, status: null },
      ...{ action: 'secrets released', address: null, userAgent: null },
      target: `/runs/${wish.runId} ${wish.names.join(' ')}`,
    });
    return values;
  }

  /** Present values of all that steps of the run were given, to be masked. What cannot be read is left out. */
  async givenTo(runId: string): Promise<string[]> {
    return (await this.secrets.givenTo(runId)).flatMap((secret) => {
      try {
        return [this.open(secret)];
      } catch (error) {
        if (error instanceof DomainError) return [];
        throw error;
      }
    });
  }

  /** Seals everything, second factors too, under the present key that the key before it has sealed. Done twice it does nothing. */
  rotate(): Promise<Resealed> {
    return resealAll(this.cipher, [this.store(), this.secondFactors, ...this.stores.all]);
  }

  private store(): SealedStore {
    return {
      all: () => this.secrets.all(),
      contextOf,
      reseal: ({ id, sealed }, anew) => this.secrets.reseal(id, sealed, anew),
    };
  }

  private open(secret: SecretEntity): string {
    return this.cipher.open(secret.sealed, contextOf(secret.id));
  }
}

const contextOf = (id: string): string => `secret:${id}`;
