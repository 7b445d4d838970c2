import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { AgentsModule } from '../agents/agents.module.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { WorkspacesModule } from '../execution/workspace/workspaces.module.js';
import { GovernanceModule } from '../governance/governance.module.js';
import { LiveModule } from '../live/live.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { WorkflowModule } from '../workflow/workflow.module.js';
import { AdvanceService } from './advance.service.js';
import { ArchiveService } from './archive.service.js';
import { BulkService } from './bulk.service.js';
import { CloneService } from './clone.service.js';
import { InboxService } from './inbox.service.js';
import { RetryService } from './retry.service.js';
import { RunsAdminController } from './runs-admin.controller.js';
import { ApprovalsService } from './approvals.service.js';
import { ControlService } from './control.service.js';
import { DeliveryService } from './delivery.service.js';
import { MetricsRepository } from './metrics.repository.js';
import { MetricsService } from './metrics.service.js';
import { RunAccess } from './run-access.js';
import { RunChanges } from './run-changes.js';
import { RunControlController } from './run-control.controller.js';
import { RunListRepository } from './run-list.repository.js';
import { RunListService } from './run-list.service.js';
import { RunPhasesController } from './run-phases.controller.js';
import { RunReaders } from './run-readers.js';
import { RunReadsRepository } from './run-reads.repository.js';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { ComparisonService } from './views/comparison.service.js';
import { RunViewsController } from './views/run-views.controller.js';
import { TimelineService } from './views/timeline.service.js';

/** What ran: creates, shows, advances and controls runs. */
@Module({
  imports: [
    AuthModule,
    ArtifactsModule,
    WorkflowModule,
    GovernanceModule,
    AgentsModule,
    WorkspacesModule,
    UploadsModule,
    LiveModule,
    TemplatesModule,
  ],
  controllers: [
    RunViewsController,
    RunsController,
    RunPhasesController,
    RunsAdminController,
    RunControlController,
  ],
  providers: [
    RunAccess,
    RunReaders,
    RunChanges,
    RunsRepository,
    RunReadsRepository,
    RunListRepository,
    MetricsRepository,
    RunsService,
    RunListService,
    AdvanceService,
    ControlService,
    ApprovalsService,
    DeliveryService,
    MetricsService,
    RetryService,
    CloneService,
    ArchiveService,
    BulkService,
    InboxService,
    ComparisonService,
    TimelineService,
  ],
  exports: [ArchiveService, RunAccess, RunChanges, RunReaders, RunsService],
})
export class RunsModule {}
