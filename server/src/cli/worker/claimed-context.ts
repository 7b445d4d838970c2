import type { StepContext, StepLog } from '../../execution/executors/executor.js';
import type { StepDefinition } from '../../workflow/domain/profile.js';
import type { ClaimAnswerDto } from '../api/generated/types.gen.js';
import type { StepFolders } from './step-folders.js';

interface Surroundings {
  readonly folders: Pick<StepFolders, 'workspace' | 'exchange'>;
  readonly log: StepLog;
  readonly signal: AbortSignal;
  /** Runs in a shell. */
  readonly command: string;
  /** Of this machine, given to the step. */
  readonly env: Readonly<Record<string, string>>;
  /** Of this machine, given to the step and masked in its log. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** The claim as the executors see a step: with a command of this machine in place of what the profile leaves open. */
export function contextOf(claim: ClaimAnswerDto, around: Surroundings): StepContext {
  const { step } = claim;
  return {
    runId: step.run_id,
    projectName: step.project_name,
    phase: step.phase,
    phaseAttempt: step.attempt,
    stepAttemptId: step.id,
    stepTry: step.try,
    step: definitionOf(claim, around),
    intake: claim.intake,
    parameters: claim.parameters,
    comment: claim.comment,
    earlierArtifacts: claim.artifacts.map(({ phase, path, type, size_bytes: sizeBytes, sha256 }) => ({
      ...{ phase, path, type },
      ...{ sizeBytes, sha256 },
    })),
    secrets: around.secrets,
    workspace: around.folders.workspace,
    exchange: around.folders.exchange,
    callback: null,
    log: around.log,
    signal: around.signal,
  };
}

const definitionOf = ({ step }: ClaimAnswerDto, { command, env }: Surroundings): StepDefinition => ({
  id: step.step,
  agent: step.agent_id,
  needs: [],
  when: null,
  timeoutMs: step.timeout_seconds * 1000,
  // The server decides on another try.
  retry: { attempts: 1, backoffMs: 0, exitCodes: false },
  env: {
    ...env,
    ...step.env,
    ...(step.role === null ? {} : { ORCHESTRATOR_ROLE: step.role }),
    ...(step.task === null ? {} : { ORCHESTRATOR_TASK: step.task }),
    ORCHESTRATOR_DELIVERABLES: JSON.stringify(step.deliverables),
  },
  secrets: [],
  artifacts: step.deliverables,
  evidence: [],
  executor: { kind: 'command', command },
});
