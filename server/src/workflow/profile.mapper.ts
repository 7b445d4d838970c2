import { describeGate } from './domain/describe-gate.js';
import type { GateDefinition, PhaseDefinition, ProfileDefinition, StepDefinition } from './domain/profile.js';
import type {
  GateSummaryDto,
  PhaseDefinitionDto,
  ProfileDetailDto,
  StepDefinitionDto,
} from './dto/profile-detail.dto.js';
import type { DeliverableDto, PhaseSummaryDto, ProfileSummaryDto } from './dto/profile-summary.dto.js';
import type { ProfileVersionDto } from './dto/profile-version.dto.js';
import type { VersionHead } from './profiles.repository.js';
import type { PublishedProfile } from './workflow.service.js';

/** A version as the list shows it. */
export const toSummary = (profile: PublishedProfile): ProfileSummaryDto => ({
  name: profile.name,
  version: profile.version,
  title: profile.definition.title,
  description: profile.definition.description,
  repository: profile.definition.repository,
  parameters: profile.definition.parameters,
  phases: profile.definition.phases.map(toPhaseSummary),
  deliverables: deliverables(profile.definition),
  published_at: profile.publishedAt.toISOString(),
});

/** A version with everything that is known of it. */
export const toDetail = (profile: PublishedProfile): ProfileDetailDto => ({
  ...toSummary(profile),
  phases: profile.definition.phases.map(toPhase),
  budget: {
    max_cost_usd: profile.definition.budget.maxCostUsd,
    max_tokens: profile.definition.budget.maxTokens,
  },
  source: profile.source,
  format: profile.format,
  digest: profile.digest,
  origin: profile.origin,
  published_by: profile.publishedBy,
});

/** A version as the list of versions shows it. */
export const toVersion = (head: VersionHead): ProfileVersionDto => ({
  name: head.name,
  version: head.version,
  digest: head.digest,
  origin: head.origin,
  published_by: head.publishedBy,
  published_at: head.publishedAt.toISOString(),
});

const toPhaseSummary = (phase: PhaseDefinition): PhaseSummaryDto => ({
  name: phase.name,
  title: phase.title,
  optional: phase.optional,
  agent_ids: [...new Set(phase.steps.map((step) => step.agent))],
});

const toPhase = (phase: PhaseDefinition): PhaseDefinitionDto => ({
  ...toPhaseSummary(phase),
  when: phase.when,
  steps: phase.steps.map(toStep),
  gates: phase.gates.map(toGate),
});

const toStep = (step: StepDefinition): StepDefinitionDto => ({
  id: step.id,
  agent: step.agent,
  executor: step.executor.kind,
  needs: [...step.needs],
  when: step.when,
  timeout_seconds: step.timeoutMs / 1000,
  attempts: step.retry.attempts,
});

const toGate = (gate: GateDefinition): GateSummaryDto => ({
  gate_id: gate.id,
  kind: gate.kind,
  severity: gate.severity,
  weight: gate.weight,
  rule: describeGate(gate),
  remedy: gate.remedy,
});

const deliverables = (definition: ProfileDefinition): DeliverableDto[] =>
  definition.phases.flatMap((phase) =>
    phase.steps.flatMap((step) => step.artifacts.map((artifact) => ({ phase: phase.name, ...artifact }))),
  );
