import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SseStream, type SseSource } from './sse-stream.js';

/** The open streams of this process: they end when it stops, and their clients resume elsewhere. */
@Injectable()
export class LiveStreams implements OnModuleDestroy {
  private readonly open = new Set<SseStream>();

  /** Streams a source to a client until one of them ends. */
  async send(request: Request, response: Response, source: SseSource): Promise<void> {
    const stream = new SseStream(request, response);
    this.open.add(stream);
    try {
      await stream.send(source);
    } finally {
      this.open.delete(stream);
    }
  }

  /** Before the HTTP server closes, which waits for its connections. */
  onModuleDestroy(): void {
    for (const stream of this.open) stream.close();
  }
}

/** Whether the caller asks for a stream. */
export const wantsStream = (request: Request): boolean =>
  request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
