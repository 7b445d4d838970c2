import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { ArchiveService } from './archive.service.js';
import { ControlService } from './control.service.js';
import type { BulkAction, BulkResultDto } from './dto/bulk.dto.js';
import { RunAccess } from './run-access.js';
import type { RunEntity } from './run.entity.js';

/** Does one thing with many runs; each succeeds or fails for itself. */
@Injectable()
export class BulkService {
  constructor(
    private readonly access: RunAccess,
    private readonly control: ControlService,
    private readonly archives: ArchiveService,
  ) {}

  async act(action: BulkAction, runIds: readonly string[], by: Principal): Promise<BulkResultDto[]> {
    const results: BulkResultDto[] = [];
    for (const runId of new Set(runIds)) results.push(await this.one(action, runId, by));
    return results;
  }

  private async one(action: BulkAction, runId: string, by: Principal): Promise<BulkResultDto> {
    try {
      await this.doing(
        action,
        await this.access.require(by, runId, action === 'archive' ? 'own' : 'operate'),
        by,
      );
      return { run_id: runId, ok: true, code: null, detail: null };
    } catch (error) {
      // What one run refuses is its own result; a bug ends the whole.
      if (!(error instanceof DomainError)) throw error;
      return { run_id: runId, ok: false, code: error.code, detail: error.message };
    }
  }

  private doing(action: BulkAction, run: RunEntity, by: Principal): Promise<void> {
    switch (action) {
      case 'pause':
        return this.control.pause(run, by);
      case 'resume':
        return this.control.resume(run, by);
      case 'cancel':
        return this.control.cancel(run, null, by);
      case 'archive':
        return this.archives.archive(run.id, userActor(by));
    }
  }
}
