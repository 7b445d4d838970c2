import type { ApiClient } from './api/api-client.js';
import { CliError } from './api/cli-error.js';
import { plain } from './output/printable.js';
import { shortId } from './output/run-words.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/**
 * The id of the run that a person names by its id, its short id or its project's name.
 * @throws CliError where there is none, or more than one
 */
export async function findRun(api: ApiClient, name: string): Promise<string> {
  if (UUID.test(name)) return name.toLowerCase();
  const { runs } = await api.call('listRuns', { query: { q: name.slice(0, 200), limit: 200 } });
  const short = runs.filter((run) => run.run_id.endsWith(name.toLowerCase()) && name.length >= 8);
  const found = short.length > 0 ? short : runs.filter((run) => run.project_name === name);
  const [first] = found;
  if (first === undefined) throw new CliError(`Run not found: ${plain(name)}`);
  if (found.length === 1) return first.run_id;
  const ids = found.map((run) => shortId(run.run_id)).join(', ');
  throw new CliError(`${found.length} runs are called "${plain(name)}": name one by its id (${ids}).`);
}
