import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type {
  ProducedArtifact,
  StepFailure,
  StepOutcome,
  StepReport,
} from '../../execution/executors/executor.js';
import type { ApiClient } from '../api/api-client.js';
import { ApiProblem, CliError, Unreachable } from '../api/cli-error.js';
import type {
  ClaimAnswerDto,
  PutStepArtifactData,
  PutStepWorkspaceData,
  UsageDto,
} from '../api/generated/types.gen.js';
import { untilAnswered } from './until-answered.js';

/** What became of a claimed step. */
export type StepEnd =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'handed_back' }
  /** The server gave the step to somebody else, or cancelled it: what was done here does not count. */
  | { readonly kind: 'lost' };

const HANDED_BACK = { code: 'handed_back', message: 'The worker was stopped.', retryable: true };
const MAX_ITEMS = 1000;
const MAX_WARNINGS = 100;
const MAX_TEXT = 2000;
const MAX_SUMMARY = 10_000;

/** Brings what a step came to, and what it made, to the server. */
export class StepDelivery {
  /** @param signal aborted when the step is no longer ours */
  constructor(
    private readonly api: ApiClient,
    private readonly claim: ClaimAnswerDto,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param pack what a step that succeeded left in its workspace, as a Git bundle
   * @throws ApiProblem `lease_lost` where the step is no longer ours
   */
  async deliver(outcome: StepOutcome, pack: () => Promise<string | null>): Promise<StepEnd> {
    if (outcome.kind === 'handed_back') {
      await this.fail(HANDED_BACK);
      return { kind: 'handed_back' };
    }
    const refused = await this.upload(outcome.report);
    if (outcome.kind === 'failed') return this.failed(outcome.failure);
    if (refused !== null) return this.failed(refused);
    const notKept = await this.uploadWorkspace(pack);
    if (notKept !== null) return this.failed(notKept);
    const incomplete = await this.complete(outcome.report);
    return incomplete === null ? { kind: 'succeeded' } : this.failed(incomplete);
  }

  private async failed(failure: Failure): Promise<StepEnd> {
    await this.fail(failure);
    return { kind: 'failed', message: failure.message };
  }

  /** What the server refused; null where it took everything. */
  private async upload(report: StepReport): Promise<Failure | null> {
    for (const artifact of report.artifacts) {
      try {
        await untilAnswered(() => this.put(artifact), this.signal);
      } catch (error) {
        return failureOf(error);
      }
    }
    return null;
  }

  private async uploadWorkspace(pack: () => Promise<string | null>): Promise<Failure | null> {
    try {
      const file = await pack();
      if (file !== null) await untilAnswered(() => this.putWorkspace(file), this.signal);
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async putWorkspace(file: string): Promise<void> {
    const form = new FormData();
    form.append('lease_token', this.claim.lease.token);
    form.append('file', await openAsBlob(file), basename(file));
    const body = form as unknown as PutStepWorkspaceData['body'];
    await this.api.open('putStepWorkspace', { path: this.path, body });
  }

  private async put({ path, file }: ProducedArtifact): Promise<void> {
    const form = new FormData();
    form.append('lease_token', this.claim.lease.token);
    form.append('path', path);
    form.append('file', await openAsBlob(file), basename(path));
    // The fields of the form are those of the document's schema.
    const body = form as unknown as PutStepArtifactData['body'];
    await this.api.open('putStepArtifact', { path: this.path, body });
  }

  private async complete(report: StepReport): Promise<Failure | null> {
    const body = {
      lease_token: this.claim.lease.token,
      summary: report.summary?.slice(0, MAX_SUMMARY) ?? null,
      metrics: report.measurements.slice(0, MAX_ITEMS).map(({ name, value }) => ({ name, value })),
      usage: report.usage.slice(0, MAX_ITEMS).map(usageOf),
      warnings: report.warnings.slice(0, MAX_WARNINGS).map((warning) => warning.slice(0, MAX_TEXT)),
    };
    try {
      await this.said(() =>
        this.api.open('completeClaim', { path: this.path, body, headers: this.once('complete') }),
      );
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async fail({ code, message, retryable }: Failure): Promise<void> {
    const text = message.slice(0, MAX_TEXT);
    const body = { lease_token: this.claim.lease.token, code, message: text, retryable };
    await this.said(() => this.api.open('failClaim', { path: this.path, body, headers: this.once('fail') }));
  }

  private async said(say: () => Promise<Response>): Promise<void> {
    await untilAnswered(say, this.signal);
  }

  private get path(): { readonly id: string } {
    return { id: this.claim.step.id };
  }

  /** A repeated last word gets its first answer again, also where that was lost on the way. */
  private once(word: string): { 'Idempotency-Key': string } {
    return { 'Idempotency-Key': `${this.claim.lease.token}:${word}` };
  }
}

type Failure = Pick<StepFailure, 'code' | 'message' | 'retryable'>;

/** A refusal of what was delivered is the step's failure. @throws what is none, such as a lost lease */
function failureOf(error: unknown): Failure {
  if (error instanceof CliError && !(error instanceof ApiProblem) && !(error instanceof Unreachable))
    return { code: 'worker_error', message: error.message, retryable: false };
  if (!(error instanceof ApiProblem) || error.problem.code === 'lease_lost' || error.problem.status === 404)
    throw error;
  return { code: error.problem.code, message: error.problem.detail, retryable: false };
}

const usageOf = (usage: StepReport['usage'][number]): UsageDto => ({
  provider: usage.provider.slice(0, 100),
  model: usage.model,
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  cache_read_tokens: usage.cacheReadTokens,
  cache_write_tokens: usage.cacheWriteTokens,
});
