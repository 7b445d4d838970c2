import { isDeepStrictEqual } from 'node:util';
import type { PhaseDefinition, ProfileDefinition } from '../../workflow/domain/profile.js';
import { align } from '../domain/align.js';
import type {
  ComparedGateDto,
  ComparedPhaseDto,
  ComparedPhaseSideDto,
  ComparedVerdictDto,
} from '../dto/comparison.dto.js';
import type { GateDto } from '../dto/gate.dto.js';
import type { RunMetricsDto } from '../dto/metrics.dto.js';
import type { PhaseInfoDto } from '../dto/phase-info.dto.js';
import type { RunDetailDto } from '../dto/run-detail.dto.js';

/** All that is known of one of the runs. */
export interface Side {
  readonly detail: RunDetailDto;
  readonly metrics: RunMetricsDto;
  readonly definition: ProfileDefinition;
}

/** The phases of two runs beside each other, with their verdicts. */
export function comparedPhases(a: Side, b: Side): ComparedPhaseDto[] {
  return align(a.detail.phases, b.detail.phases, ({ phase }) => phase).map(({ key, a: left, b: right }) => ({
    phase: key,
    title: (right ?? left)?.title ?? key,
    same_definition: isDeepStrictEqual(described(a, key), described(b, key)),
    a: sideOf(left, a.metrics),
    b: sideOf(right, b.metrics),
    gates: comparedGates(left?.gates ?? [], right?.gates ?? []),
  }));
}

/** Whether two profiles describe the same work. */
export const sameDefinition = (a: ProfileDefinition, b: ProfileDefinition): boolean =>
  isDeepStrictEqual(a.phases, b.phases);

const described = ({ definition }: Side, phase: string): PhaseDefinition | undefined =>
  definition.phases.find(({ name }) => name === phase);

function sideOf(phase: PhaseInfoDto | null, metrics: RunMetricsDto): ComparedPhaseSideDto | null {
  if (phase === null) return null;
  const measured = metrics.phases_metrics.find((candidate) => candidate.phase === phase.phase);
  return {
    status: phase.status,
    attempt: phase.attempt,
    duration_seconds: phase.duration_seconds,
    token_usage: measured?.token_usage ?? { input: 0, output: 0 },
    cost_usd: measured?.cost_usd ?? 0,
  };
}

const comparedGates = (a: readonly GateDto[], b: readonly GateDto[]): ComparedGateDto[] =>
  align(a, b, (gate) => gate.gate_id).map(({ key, a: left, b: right }) => ({
    gate_id: key,
    a: verdictOf(left),
    b: verdictOf(right),
  }));

const verdictOf = (gate: GateDto | null): ComparedVerdictDto | null =>
  gate === null ? null : { status: gate.status, threshold: gate.threshold, actual: gate.actual };
