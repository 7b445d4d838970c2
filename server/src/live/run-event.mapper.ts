import type { RunEventEntity } from '../runs/run-event.entity.js';
import type { RunEventDto } from './dto/run-event.dto.js';

export const toRunEvent = (event: RunEventEntity): RunEventDto => ({
  seq: event.seq,
  type: event.type,
  at: event.at.toISOString(),
  actor: event.actor,
  phase: event.phase,
  step: event.step,
  attempt: event.attempt,
  data: event.data,
});
