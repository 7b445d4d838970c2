import { Module } from '@nestjs/common';
import { LOGS_CHANNEL } from '../logs/log-chunks.repository.js';
import { DATABASE_URL } from '../persistence/database-url.js';
import { EVENTS_CHANNEL } from '../runs/run-change-writer.js';
import { LiveStreams } from './live-streams.js';
import { PgListener } from './pg-listener.js';
import { RunSignals } from './run-signals.js';

/** Signals from the database, and streams to clients. Depends on no other feature. */
@Module({
  providers: [
    {
      provide: PgListener,
      useFactory: (url: string) => new PgListener(url, [EVENTS_CHANNEL, LOGS_CHANNEL]),
      inject: [DATABASE_URL],
    },
    RunSignals,
    LiveStreams,
  ],
  exports: [RunSignals, LiveStreams],
})
export class LiveModule {}
