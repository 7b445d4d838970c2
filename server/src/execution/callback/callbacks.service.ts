import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { ArtifactContents, describeContent, type KeptContent } from '../../artifacts/artifact-contents.js';
import { ratePolicy } from '../../auth/domain/rate-limit.js';
import { RateLimiter } from '../../auth/rate-limiter.js';
import { AppConfig } from '../../config/app-config.js';
import { DomainError } from '../../problems/domain-error.js';
import { SYSTEM, type Actor } from '../../runs/domain/change.js';
import type { StepOutcomeFacts } from '../../runs/domain/step-outcome.js';
import { StepAttemptEntity } from '../../runs/step-attempt.entity.js';
import { EMPTY_REPORT } from '../executors/outcome.js';
import { StepClaims } from '../step-claims.js';
import { CallbackAddresses } from './callback-addresses.js';
import { callbackNotAwaited, type CallbackClaim } from './callback-token.js';
import type { CallbackDto } from './callback.dto.js';

const SERVICE: Actor = { ...SYSTEM, kind: 'worker', id: 'callback', name: 'callback' };

/** Takes the later answers of services that `http` steps called. */
@Injectable()
export class Callbacks {
  constructor(
    private readonly addresses: CallbackAddresses,
    private readonly claims: StepClaims,
    private readonly contents: ArtifactContents,
    private readonly limiter: RateLimiter,
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Ends the step as told, once.
   * @param address of the caller
   * @throws DomainError 403 `callback_invalid`, 409 `callback_not_awaited`, 410 `callback_expired`, 429
   */
  async receive(token: string, told: CallbackDto, address: string): Promise<void> {
    this.limit(address);
    const about = this.addresses.read(token, new Date());
    const held = await this.dataSource.manager.findOneBy(StepAttemptEntity, { id: about.stepAttemptId });
    // Looked at before the content is stored, and decided under the run's lock.
    if (held === null || !isAwaited(held, about)) throw callbackNotAwaited();
    const delivery = {
      facts: factsOf(told),
      report: { ...EMPTY_REPORT, measurements: measurementsOf(told) },
      artifacts: [await this.keep(told)],
    };
    const ref = { runId: held.runId, stepAttemptId: held.id, epoch: about.epoch };
    await this.claims.deliverCallback(ref, SERVICE, delivery);
  }

  private limit(address: string): void {
    const policy = ratePolicy('api_key', this.config.rateLimitPerMinute, this.config.rateLimitBurst);
    const { verdict } = this.limiter.take(`callback:${address}`, policy, Date.now());
    if (verdict.kind === 'allowed') return;
    const seconds = String(verdict.retryAfterSeconds);
    throw new DomainError(429, 'too_many_requests', `Too many requests. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': seconds },
    });
  }

  private async keep(told: CallbackDto): Promise<KeptContent> {
    const text = `${JSON.stringify(told, null, 2)}\n`;
    const stored = await this.contents.put(Readable.from([Buffer.from(text)]));
    const description = 'What the called service told later';
    return describeContent(stored, { path: 'callback.json', type: 'data', description });
  }
}

/** The service may be quicker than the answer to its own call: then the try still runs. */
const isAwaited = (held: StepAttemptEntity, about: CallbackClaim): boolean =>
  held.epoch === about.epoch && (held.status === 'queued' || held.status === 'running');

function factsOf(told: CallbackDto): StepOutcomeFacts {
  if (told.status === 'succeeded') {
    return { kind: 'succeeded', summary: told.summary ?? null, commit: null, warnings: [] };
  }
  const message = told.message ?? 'The called service told that it failed, without a reason.';
  return {
    kind: 'failed',
    failure: { code: 'callback_failed', message, phase: null, step: null, exit_code: null, signal: null },
    retryable: false,
    warnings: [],
  };
}

const measurementsOf = (told: CallbackDto) =>
  (told.metrics ?? []).map(({ name, value }) => ({
    name,
    value,
    source: 'reported' as const,
    sha256: null,
    stepId: null,
  }));
