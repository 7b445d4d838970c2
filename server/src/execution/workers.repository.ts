import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WorkerEntity } from './worker.entity.js';

/** Processes that claim steps. */
@Injectable()
export class WorkersRepository {
  constructor(private readonly dataSource: DataSource) {}

  async enter(id: string, kind: WorkerEntity['kind'], labels: readonly string[], name = id): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO workers (id, name, kind, labels, version, started_at, heartbeat_at)
       VALUES ($1, $2, $3, $4, NULL, now(), now())
       ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), stopped_at = NULL, labels = excluded.labels, name = excluded.name`,
      [id, name, kind, [...labels]],
    );
  }

  async heartbeat(id: string): Promise<void> {
    await this.dataSource.query('UPDATE workers SET heartbeat_at = now() WHERE id = $1', [id]);
  }

  /** A sign of life of whoever holds the try. */
  async heartbeatOf(stepAttemptId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE workers SET heartbeat_at = now() FROM step_attempts t WHERE t.id = $1 AND workers.id = t.worker_id`,
      [stepAttemptId],
    );
  }

  async leave(id: string): Promise<void> {
    await this.dataSource.query('UPDATE workers SET stopped_at = now() WHERE id = $1', [id]);
  }
}
