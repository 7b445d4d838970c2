import type { BudgetLimits, ProfileDefinition } from '../workflow/domain/profile.js';
import type { RunMaker } from './actor.js';
import type { CreateRunDto } from './dto/create-run.dto.js';
import type { RepositorySource } from './run-input.entity.js';
import type { NewRun } from './runs.repository.js';

/** The short form of a run's id. */
export const shortId = (id: string): string => id.slice(-8);

type Published = { readonly definition: ProfileDefinition; readonly version: number };
type Origin = { readonly id: string; readonly by: RunMaker; readonly now: Date };

/** The rows of a run that was asked for: running, with every phase pending. */
export function newRun(
  asked: CreateRunDto,
  profile: Published,
  values: Readonly<Record<string, unknown>>,
  made: Origin,
): NewRun {
  const names = profile.definition.phases.map((phase) => phase.name);
  return {
    run: runRow(asked, profile, names, made),
    phases: names.map((phase, position) => newPhase(made.id, phase, position)),
    input: {
      runId: made.id,
      intake: asked.intake ?? null,
      metadata: asked.metadata ?? {},
      parameters: { ...values },
      repository: repositoryOf(asked),
      template: asked.template ?? null,
    },
  };
}

function runRow(
  asked: CreateRunDto,
  { definition, version }: Published,
  names: readonly string[],
  made: Origin,
) {
  const budget = budgetOf(asked, definition.budget);
  return {
    id: made.id,
    profile: definition.name,
    profileVersion: version,
    projectName: asked.project_name ?? `run_${shortId(made.id)}`,
    ownerId: made.by.userId,
    status: 'running' as const,
    currentPhase: names[0] ?? '',
    autoAdvance: asked.auto_advance ?? false,
    priority: asked.priority ?? definition.priority,
    phasesTotal: names.length,
    phasesDone: 0,
    phaseStates: names.map((phase) => ({ phase, status: 'pending' as const })),
    ...{ waitingKind: null, waitingSince: null, waitingDetail: null },
    ...{ costUsd: '0', inputTokens: 0, outputTokens: 0, unpricedCalls: 0, workingMs: 0 },
    ...{ artifactsCount: 0, waivedGates: 0, failure: null, lastSeq: 0, version: 0 },
    budgetMaxCostUsd: budget.maxCostUsd,
    budgetMaxTokens: budget.maxTokens,
    createdAt: made.now,
    updatedAt: made.now,
    completedAt: null,
    archivedAt: null,
  };
}

const newPhase = (runId: string, phase: string, position: number): NewRun['phases'][number] => ({
  runId,
  phase,
  position,
  status: 'pending',
  attempt: 0,
  startedAt: null,
  completedAt: null,
  workingMs: 0,
  artifactsCount: 0,
  error: null,
  checkpoint: null,
});

/** The repository that was asked for; null where none was. */
export const repositoryOf = ({ repository }: CreateRunDto): RepositorySource | null =>
  repository?.url || repository?.path || repository?.upload
    ? {
        url: repository.url ?? null,
        path: repository.path ?? null,
        ref: repository.ref ?? null,
        upload: repository.upload ?? null,
      }
    : null;

/** A limit of the run takes the place of the profile's; where the run names none the profile's holds. */
const budgetOf = ({ budget }: CreateRunDto, profile: BudgetLimits): BudgetLimits => ({
  maxCostUsd: budget?.max_cost_usd?.toFixed(10) ?? profile.maxCostUsd,
  maxTokens: budget?.max_tokens ?? profile.maxTokens,
});
