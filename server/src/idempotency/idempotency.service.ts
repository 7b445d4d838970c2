import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { AnswerCipher } from './answer-cipher.js';
import {
  inProgress,
  isFinal,
  type Claim,
  type KeyState,
  type RecordedAnswer,
} from './domain/idempotency-key.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { DomainError } from '../problems/domain-error.js';

const RENEW_MS = 5_000;
const TIDY_MS = 10 * 60_000;
/** How long a duplicate waits for the first answer. */
const WAIT_MS = 10_000;
const LOOK_MS = 50;
/** Larger answers are not kept. */
const MAX_BODY_BYTES = 1024 * 1024;

export type Beginning =
  | { readonly kind: 'execute'; readonly claim: Claim }
  | { readonly kind: 'replay'; readonly answer: RecordedAnswer };

/** Executes what carries the same key once, and gives its answer to all. */
@Injectable()
export class IdempotencyService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IdempotencyService.name);
  private readonly executing = new Set<Claim>();
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly repository: IdempotencyKeysRepository,
    private readonly cipher: AnswerCipher,
  ) {}

  onApplicationBootstrap(): void {
    this.timers = [
      this.every(RENEW_MS, () => this.renew()),
      this.every(TIDY_MS, () => this.repository.deleteExpired()),
    ];
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /**
   * Whether to execute the request or to repeat an answer. A duplicate of a request in execution waits.
   * @throws DomainError 422 `idempotency_key_reused`, 409 `idempotency_in_progress`
   */
  async begin(userId: string, key: string, requestDigest: Buffer): Promise<Beginning> {
    const claim = { userId, key, execution: uuid() };
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const state = await this.look(claim, requestDigest);
      if (state.kind === 'claimed') return this.execute(claim);
      if (!state.requestDigest.equals(requestDigest)) throw reused();
      if (state.kind === 'answered') return { kind: 'replay', answer: state.answer };
      if (Date.now() >= deadline) throw inProgress();
      await pause(LOOK_MS);
    }
  }

  /** Keeps the answer; frees the key where the answer is not final or too large. */
  async finish(claim: Claim, answer: RecordedAnswer): Promise<void> {
    try {
      if (isFinal(answer.status) && answer.body.length <= MAX_BODY_BYTES) {
        const body = this.cipher.encrypt(answer.body);
        await this.repository.complete(claim, answer.status, { ...answer.headers }, body);
      } else {
        await this.repository.release(claim);
      }
    } finally {
      this.executing.delete(claim);
    }
  }

  private execute(claim: Claim): Beginning {
    this.executing.add(claim);
    return { kind: 'execute', claim };
  }

  private async look(claim: Claim, requestDigest: Buffer): Promise<KeyState> {
    if (await this.repository.claim(claim, requestDigest)) return { kind: 'claimed' };
    const row = await this.repository.find(claim.userId, claim.key);
    // The key was freed between the two statements: the next look claims it.
    if (row === null) return { kind: 'in_progress', requestDigest };
    if (row.status === null || row.body === null)
      return { kind: 'in_progress', requestDigest: row.requestDigest };
    const body = this.cipher.decrypt(row.body);
    if (body === null) throw reused();
    const answer = { status: row.status, headers: row.headers ?? {}, body };
    return { kind: 'answered', requestDigest: row.requestDigest, answer };
  }

  private async renew(): Promise<void> {
    if (this.executing.size > 0) await this.repository.renew([...this.executing]);
  }

  private every(intervalMs: number, work: () => Promise<unknown>): NodeJS.Timeout {
    return setInterval(() => {
      work().catch((error: unknown) => {
        this.logger.warn(`Idempotency keys: ${error instanceof Error ? error.message : 'unknown error'}`);
      });
    }, intervalMs).unref();
  }
}

const reused = (): DomainError =>
  new DomainError(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used with another request; take a new key.',
  );
