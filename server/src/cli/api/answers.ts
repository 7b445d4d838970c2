import { ApiProblem, CliError } from './cli-error.js';
import type { ProblemDto } from './generated/types.gen.js';

/** Makes the error that an answer other than 2xx stands for. */
export async function refusalOf(response: Response): Promise<CliError> {
  const text = await response.text();
  const problem = readProblem(text);
  if (problem === null) {
    return new CliError(
      `${response.url} answered ${response.status} and is not an orchestrator: check \`--server\`.`,
    );
  }
  if (problem.status !== 401) return new ApiProblem(problem);
  const hint = 'Sign in with `orchestrator login`, or set ORCHESTRATOR_API_KEY.';
  return new ApiProblem({ ...problem, detail: `${problem.detail.replace(/\.?$/u, '.')} ${hint}` });
}

/** Milliseconds until a refused request may be sent again; null where it may not, or not soon. */
export function pauseOf(response: Response): number | null {
  if (response.status !== 429) return null;
  const seconds = Number(response.headers.get('Retry-After') ?? '1');
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= 60 ? seconds * 1000 : null;
}

function readProblem(text: string): ProblemDto | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    // A proxy's page, or another server.
    return null;
  }
}

const isProblem = (value: unknown): value is ProblemDto =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  'detail' in value &&
  typeof value.code === 'string' &&
  typeof value.detail === 'string';
