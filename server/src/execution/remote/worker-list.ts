import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { listedOwner, type Principal } from '../../auth/domain/principal.js';
import type { WorkerEntity } from '../worker.entity.js';
import type { WorkerListDto } from './worker-list.dto.js';

interface HeldRow {
  readonly worker_id: string;
  readonly run_id: string;
  readonly phase: string;
  readonly step: string;
  readonly lease_expires_at: Date;
}

/** Shows the workers. */
@Injectable()
export class WorkerList {
  constructor(private readonly dataSource: DataSource) {}

  async list(by: Principal): Promise<WorkerListDto> {
    const visibleTo = listedOwner(by);
    const [workers, held] = await Promise.all([this.recent(), this.held(visibleTo)]);
    return {
      workers: workers.map((worker) => ({
        worker_id: worker.id,
        name: worker.name,
        kind: worker.kind,
        labels: worker.labels,
        started_at: worker.startedAt.toISOString(),
        heartbeat_at: worker.heartbeatAt.toISOString(),
        stopped_at: worker.stoppedAt?.toISOString() ?? null,
        holds: held
          .filter((row) => row.worker_id === worker.id)
          .map(({ run_id, phase, step, lease_expires_at }) => ({
            run_id,
            phase,
            step,
            lease_expires_at: lease_expires_at.toISOString(),
          })),
      })),
    };
  }

  private recent(): Promise<WorkerEntity[]> {
    return this.dataSource.query<WorkerEntity[]>(
      `SELECT id, name, kind, labels, version, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
         stopped_at AS "stoppedAt"
       FROM workers WHERE heartbeat_at > now() - interval '1 day' ORDER BY heartbeat_at DESC LIMIT 200`,
    );
  }

  private held(visibleTo: string | null): Promise<HeldRow[]> {
    return this.dataSource.query<HeldRow[]>(
      `SELECT t.worker_id, t.run_id, s.phase, s.key AS step, t.lease_expires_at
       FROM step_attempts t JOIN steps s ON s.id = t.step_id JOIN runs r ON r.id = t.run_id
       WHERE t.status = 'running' AND ($1::uuid IS NULL OR r.owner_id = $1) ORDER BY t.started_at LIMIT 500`,
      [visibleTo],
    );
  }
}
