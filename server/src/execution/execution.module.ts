import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { ModelAccount } from '../agents/model-account.js';
import { AgentsModule } from '../agents/agents.module.js';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BudgetsModule } from '../budgets/budgets.module.js';
import { AppConfig } from '../config/app-config.js';
import { GovernanceModule } from '../governance/governance.module.js';
import { LiveModule } from '../live/live.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { ProviderDirectory } from '../providers/provider-directory.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { WorkflowModule } from '../workflow/workflow.module.js';
import { AgentOffers } from './agents/agent-offers.js';
import { RunDesk } from './agents/run-desk.js';
import { CallbackAddresses } from './callback/callback-addresses.js';
import { CallbackController } from './callback/callback.controller.js';
import { Callbacks } from './callback/callbacks.service.js';
import { ExecutorRegistry } from './executor-registry.js';
import { commandExecutor, httpExecutor, llmExecutor } from './create-executors.js';
import { AgentCliExecutor } from './executors/agent-cli/agent-cli.js';
import { CommandExecutor } from './executors/command.js';
import { HttpExecutor } from './executors/http.js';
import { AgentDesk } from './executors/llm/desk.js';
import { LlmExecutor } from './executors/llm/llm.js';
import { LocalWorker } from './local-worker.js';
import { PhaseEvidenceReader } from './phase-evidence-reader.js';
import { PhaseFinisher } from './phase-finisher.js';
import { PhaseInspector } from './phase-inspector.js';
import { Places } from './places.js';
import { Queue } from './queue.js';
import { ClaimPresenter } from './remote/claim-presenter.js';
import { RemoteClaimsRepository } from './remote/remote-claims.repository.js';
import { RemoteClaims } from './remote/remote-claims.service.js';
import { RemoteWorkspaces } from './remote/remote-workspaces.service.js';
import { WorkerList } from './remote/worker-list.js';
import { WorkerWorkspaceController } from './remote/worker-workspace.controller.js';
import { WorkerController } from './remote/worker.controller.js';
import { StepClaims } from './step-claims.js';
import { StepContexts } from './step-contexts.js';
import { StepRecords } from './step-records.js';
import { StepRunner } from './step-runner.js';
import { Sweep } from './sweep.js';
import { SweepRepository } from './sweep.repository.js';
import { WorkersRepository } from './workers.repository.js';
import { WorkspacesModule } from './workspace/workspaces.module.js';

/** How it runs: the queue, the runner, the sweep and the executors. */
@Module({
  imports: [
    AuthModule,
    RunsModule,
    ArtifactsModule,
    LogsModule,
    GovernanceModule,
    AgentsModule,
    WorkspacesModule,
    UploadsModule,
    LiveModule,
    SecretsModule,
    BudgetsModule,
    ProvidersModule,
    WebhooksModule,
    WorkflowModule,
  ],
  controllers: [WorkerController, WorkerWorkspaceController, CallbackController],
  providers: [
    { provide: CommandExecutor, useFactory: commandExecutor, inject: [AppConfig, ArtifactStore] },
    { provide: HttpExecutor, useFactory: httpExecutor, inject: [AppConfig] },
    {
      provide: LlmExecutor,
      useFactory: llmExecutor,
      inject: [AppConfig, ArtifactStore, ProviderDirectory, ModelAccount, AgentDesk],
    },
    {
      provide: AgentCliExecutor,
      useFactory: (commands: CommandExecutor, store: ArtifactStore) => new AgentCliExecutor(commands, store),
      inject: [CommandExecutor, ArtifactStore],
    },
    { provide: AgentDesk, useClass: RunDesk },
    AgentOffers,
    ExecutorRegistry,
    LocalWorker,
    StepRecords,
    Places,
    StepClaims,
    CallbackAddresses,
    Callbacks,
    StepContexts,
    StepRunner,
    PhaseEvidenceReader,
    PhaseInspector,
    PhaseFinisher,
    SweepRepository,
    WorkersRepository,
    Sweep,
    Queue,
    RemoteClaimsRepository,
    RemoteClaims,
    RemoteWorkspaces,
    ClaimPresenter,
    WorkerList,
  ],
  exports: [StepClaims],
})
export class ExecutionModule {}
