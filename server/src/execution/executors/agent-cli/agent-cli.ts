import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../../artifacts/artifact-store.js';
import type { ExecutorDefinition } from '../../../workflow/domain/profile.js';
import { createMasker } from '../../domain/mask.js';
import type { CommandExecutor, Judged } from '../command.js';
import type { StepContext, StepExecutor, StepOutcome, StepReport } from '../executor.js';
import { failure } from '../outcome.js';
import { instructions, request } from '../llm/prompt.js';
import { collectData } from '../llm/quoted-data.js';
import { readAgentResult } from './agent-result.js';
import { agentCommand, PROMPT_VARIABLE } from './agent-tools.js';

const MAX_SUMMARY = 20_000;

/** Runs `agent_cli` steps: a coding agent as a command in the workspace, with the step's prompt. */
export class AgentCliExecutor implements StepExecutor {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly store: ArtifactStore,
  ) {}

  async execute(context: StepContext): Promise<StepOutcome> {
    const { executor } = context.step;
    if (executor.kind !== 'agent_cli')
      throw new Error(`The executor of coding agents was given a step of kind ${executor.kind}`);
    const prompt = join(context.exchange, 'prompt.md');
    await writeFile(prompt, await this.prompt(context, executor));
    const outcome = await this.commands.carryOut(context, {
      argv: agentCommand(executor),
      variables: { [PROMPT_VARIABLE]: prompt },
      judge: (tail) => judge(context, executor.tool, tail),
    });
    return outcome.kind === 'handed_back'
      ? outcome
      : { ...outcome, report: named(outcome.report, executor.model) };
  }

  private async prompt(
    context: StepContext,
    { role, task }: Extract<ExecutorDefinition, { kind: 'agent_cli' }>,
  ): Promise<string> {
    const facts = {
      ...{ role, task, agent: context.step.agent, project: context.projectName },
      ...{ phase: context.phase, step: context.step.id, comment: context.comment },
      ...{ deliverables: context.step.artifacts, tools: null },
      ...{ data: await collectData(context, this.store), nonce: randomUUID().slice(0, 8) },
    };
    return createMasker(context.secrets)(`${instructions(facts)}\n\n${request(facts)}\n`);
  }
}

/** Some tools print what they used and not of which model: it is the one that they were given. */
const named = (report: StepReport, model: string | null): StepReport => ({
  ...report,
  usage: report.usage.map((call) => (call.model === 'unknown' && model !== null ? { ...call, model } : call)),
});

/** Its session stands in the log, so that somebody may take it up again where the tool keeps it. */
function judge({ log }: StepContext, tool: string, tail: string): Judged {
  const { session, text, problem } = readAgentResult(tail);
  if (session !== null) log.write('system', `${tool}: session ${session}\n`);
  return {
    failure:
      problem === null ? null : failure('agent_failed', `The agent did not do it: ${problem.slice(0, 1000)}`),
    summary: text?.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, MAX_SUMMARY) ?? null,
  };
}
