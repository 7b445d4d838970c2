import type { UsageDto } from '../../runs/dto/advance.dto.js';
import type { ReportedUsage } from '../executors/executor.js';
import type { Delivery } from '../step-claims.js';
import { EMPTY_REPORT } from '../executors/outcome.js';
import type { CompleteClaimDto, FailClaimDto } from './worker.dto.js';

/** A step that somebody outside completed. @param commit what it left in its workspace; null: nothing */
export const completedDelivery = (asked: CompleteClaimDto, commit: string | null): Delivery => ({
  facts: { kind: 'succeeded', summary: asked.summary ?? null, commit, warnings: asked.warnings ?? [] },
  report: {
    ...EMPTY_REPORT,
    measurements: (asked.metrics ?? []).map(({ name, value }) => ({
      name,
      value,
      source: 'reported',
      sha256: null,
      stepId: null,
    })),
    usage: (asked.usage ?? []).map(reportedUsage),
  },
  artifacts: [],
});

/** A model call that somebody outside reports. */
export const reportedUsage = (call: UsageDto): ReportedUsage => ({
  provider: call.provider,
  model: call.model,
  inputTokens: call.input_tokens,
  outputTokens: call.output_tokens,
  cacheReadTokens: call.cache_read_tokens ?? 0,
  cacheWriteTokens: call.cache_write_tokens ?? 0,
  reportedCostUsd: null,
});

/** A step that begins again elsewhere; it does not count as a try. */
export const HANDED_BACK: Delivery = {
  facts: { kind: 'handed_back' },
  report: EMPTY_REPORT,
  artifacts: [],
};

/** A step that somebody outside could not do, or gives back because of no fault of the step's. */
export function failedDelivery({ code, message, retryable }: FailClaimDto): Delivery {
  if (code === HANDED_BACK.facts.kind) return HANDED_BACK;
  return {
    facts: {
      kind: 'failed',
      failure: { code, message, phase: null, step: null, exit_code: null, signal: null },
      retryable: retryable ?? false,
      warnings: [],
    },
    report: EMPTY_REPORT,
    artifacts: [],
  };
}
