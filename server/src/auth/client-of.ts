import type { Request } from 'express';
import type { ClientInfo } from './sessions.service.js';

/** From where a request comes. */
export const clientOf = (request: Request): ClientInfo => ({
  userAgent: request.get('user-agent') ?? null,
  address: request.ip ?? null,
});
