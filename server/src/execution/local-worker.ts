import { Injectable } from '@nestjs/common';
import { hostname } from 'node:os';
import { v7 } from 'uuid';

/** This process as a worker. */
@Injectable()
export class LocalWorker {
  /** New with every start, so that a restarted process is not taken for the one before. */
  readonly id = `${hostname()}-${String(process.pid)}-${v7().slice(-8)}`;
}
