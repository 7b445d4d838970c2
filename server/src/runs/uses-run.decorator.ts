import { ApiExtension } from '@nestjs/swagger';
import type { RunUse } from './domain/run-uses.js';

/** Names in the API document what a route about a run wants of it; `RunAccess.require` decides. */
export const UsesRun = (use: RunUse): MethodDecorator => ApiExtension('x-run-use', use);
