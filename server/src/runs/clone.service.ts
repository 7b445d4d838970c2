import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/domain/principal.js';
import { TemplatesService } from '../templates/templates.service.js';
import type { CloneRunDto } from './dto/create-run.dto.js';
import type { RunSummaryDto } from './dto/run-summary.dto.js';
import { RunReadsRepository } from './run-reads.repository.js';
import type { RunEntity } from './run.entity.js';
import { RunsService } from './runs.service.js';

/** Creates runs like others. */
@Injectable()
export class CloneService {
  constructor(
    private readonly runs: RunsService,
    private readonly reads: RunReadsRepository,
    private readonly templates: TemplatesService,
  ) {}

  /** The new run has the newest version of the profile; a template that is named gives way to the other edits. @throws DomainError 400 as for any new run */
  async clone(run: RunEntity, edits: CloneRunDto, by: Principal): Promise<RunSummaryDto> {
    const input = await this.reads.input(run.id);
    const changes = await this.templates.fillIn({ profile: run.profile, ...edits });
    return this.runs.create(
      {
        project_name: run.projectName,
        intake: input.intake,
        metadata: input.metadata,
        parameters: input.parameters,
        repository: input.repository,
        template: input.template,
        auto_advance: run.autoAdvance,
        priority: run.priority,
        budget: {
          max_cost_usd: run.budgetMaxCostUsd === null ? null : Number(run.budgetMaxCostUsd),
          max_tokens: run.budgetMaxTokens,
        },
        ...changes,
      },
      by,
    );
  }
}
