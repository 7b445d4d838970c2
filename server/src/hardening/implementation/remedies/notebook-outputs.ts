import { isForeign, isReading, isSample } from '../../domain/paths.js';
import { isRecord, parseRecord, recordsAt, type JsonRecord } from '../../json.js';
import type { Repository } from '../../repository.js';
import type { FileChange, LeftAlone, Proposal, Remedy } from '../remedy.js';

const MAX_BYTES = 20 * 1024 * 1024;

/** Takes results out of notebooks: they make every diff large and may hold data. */
export const notebookOutputs: Remedy = {
  id: 'notebook_outputs',
  title: 'Take the results out of notebooks',
  reason:
    'Results in notebooks grow the history, hide changes of code and may hold data that was not meant to be ' +
    'published. Code and text stay; running the notebook brings the results back.',
  propose,
};

async function propose(repository: Repository): Promise<Proposal> {
  const changes: FileChange[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const file of repository.files) {
    if (!file.path.endsWith('.ipynb') || isForeign(file.path)) continue;
    const text = await repository.readText(file, MAX_BYTES);
    const cleared = text === null ? null : clearNotebook(text);
    if (cleared === null) leftAlone.push({ path: file.path, reason: 'it cannot be read as a notebook' });
    else if (cleared === text) continue;
    else if (isReading(file.path) || isSample(file.path)) {
      leftAlone.push({
        path: file.path,
        reason: 'results are often shown on purpose in documentation and tests',
      });
    } else changes.push({ path: file.path, content: cleared });
  }
  return { changes, leftAlone };
}

/**
 * A notebook (nbformat 4) without outputs and execution counts; the same text where there are none, null where
 * it is no such notebook. Indentation is kept.
 */
export function clearNotebook(text: string): string | null {
  const notebook = parseRecord(text);
  if (notebook === null || notebook['nbformat'] !== 4 || !Array.isArray(notebook['cells'])) return null;
  const hasResults = recordsAt(notebook, 'cells').some((cell) => !isClear(cell));
  if (!hasResults) return text;
  const cells = notebook['cells'].map((cell: unknown) =>
    isRecord(cell) && !isClear(cell) ? cleared(cell) : cell,
  );
  const indent = /^\{\r?\n(\s+)"/u.exec(text)?.[1] ?? '';
  return `${JSON.stringify({ ...notebook, cells }, null, indent)}${text.endsWith('\n') ? '\n' : ''}`;
}

function isClear(cell: JsonRecord): boolean {
  const outputs = cell['outputs'];
  if (cell['cell_type'] !== 'code' || !Array.isArray(outputs)) return true;
  return outputs.length === 0 && (cell['execution_count'] ?? null) === null;
}

const cleared = (cell: JsonRecord): JsonRecord => ({ ...cell, execution_count: null, outputs: [] });
