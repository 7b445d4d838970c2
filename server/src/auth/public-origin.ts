import type { Request } from 'express';
import type { AppConfig } from '../config/app-config.js';

/** The address that people open, without a slash at the end: the configured one, else the one that was asked. */
export const publicOrigin = (config: AppConfig, request: Request): string =>
  config.publicUrl ?? `${request.protocol}://${request.host}`;
