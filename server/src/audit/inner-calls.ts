import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { clientOf } from '../auth/client-of.js';
import type { ClientInfo } from '../auth/sessions.service.js';

const HEADER = 'x-orchestrator-inner-call';

/**
 * Requests that this process sends to itself on behalf of a caller: the audit list tells from where the caller came.
 * A mark holds while the caller's own request runs, and nobody else knows it.
 */
@Injectable()
export class InnerCalls {
  private readonly running = new Map<string, ClientInfo>();

  /** The header that marks such requests, until the caller is answered. */
  begin(caller: Request, answer: Response): Readonly<Record<string, string>> {
    const mark = randomUUID();
    this.running.set(mark, clientOf(caller));
    answer.once('close', () => this.running.delete(mark));
    return { [HEADER]: mark };
  }

  /** From where a request comes in truth. */
  clientOf(request: Request): ClientInfo {
    return this.running.get(request.get(HEADER) ?? '') ?? clientOf(request);
  }
}
