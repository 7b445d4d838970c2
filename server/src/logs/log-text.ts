import type { LogFilter } from './log-chunks.repository.js';
import type { LogLine, LogReader } from './log-reader.js';

const PAGE = 5000;

/** The whole log as text, page by page; where it goes over to another step, a line in front says to which. */
export async function* logAsText(
  runId: string,
  filter: LogFilter,
  reader: LogReader,
): AsyncGenerator<string> {
  let after = 0;
  let title = '';
  for (;;) {
    const { lines, more } = await reader.page(runId, filter, after, PAGE);
    let text = '';
    for (const line of lines) {
      if (titleOf(line) !== title) {
        title = titleOf(line);
        text += `===== ${title} =====\n`;
      }
      text += `${line.text}\n`;
      after = line.position;
    }
    if (text !== '') yield text;
    if (!more) return;
  }
}

const titleOf = (line: LogLine): string =>
  `${line.phase} (attempt ${String(line.attempt)}) / ${line.step} (try ${String(line.stepTry)})`;
