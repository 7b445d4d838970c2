import type { LogLineDto } from './dto/log.dto.js';
import type { LogLine } from './log-reader.js';

export const toLogLine = ({ at, stepTry, ...line }: LogLine): LogLineDto => ({
  ...line,
  at: at.toISOString(),
  try: stepTry,
});
