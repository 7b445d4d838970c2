import { Injectable } from '@nestjs/common';
import type { StepDefinition } from '../workflow/domain/profile.js';
import { AgentCliExecutor } from './executors/agent-cli/agent-cli.js';
import { CommandExecutor } from './executors/command.js';
import type { StepExecutor } from './executors/executor.js';
import { HttpExecutor } from './executors/http.js';
import { LlmExecutor } from './executors/llm/llm.js';

/** Which executor does a step in this process. */
@Injectable()
export class ExecutorRegistry {
  constructor(
    private readonly command: CommandExecutor,
    private readonly http: HttpExecutor,
    private readonly llm: LlmExecutor,
    private readonly agentCli: AgentCliExecutor,
  ) {}

  of(step: StepDefinition): StepExecutor {
    switch (step.executor.kind) {
      case 'command':
        return this.command;
      case 'http':
        return this.http;
      case 'agent_cli':
        return this.agentCli;
      case 'llm':
        return this.llm;
      case 'worker':
      case 'approval':
        throw new Error(`A step of kind ${step.executor.kind} is not run by this process`);
    }
  }
}
