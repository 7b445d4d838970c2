import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/domain/principal.js';
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
  ) {}

  /** The new run has the newest version of the profile. @throws DomainError 400 as for any new run */
  async clone(run: RunEntity, edits: CloneRunDto, by: Principal): Promise<RunSummaryDto> {
    const input = await this.reads.input(run.id);
    return this.runs.create(
      {
        profile: run.profile,
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
        ...edits,
      },
      by,
    );
  }
}
