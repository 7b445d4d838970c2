import type { NewRunRequest } from '../run-models';

/** One word of a POSIX shell, whatever it contains. */
const quoted = (text: string): string =>
  /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a `curl` call; the key comes from the environment. */
export function curlCommand(request: NewRunRequest, origin: string): string {
  return [
    `curl -X POST ${origin}/runs \\`,
    `  -H "X-API-Key: $ORCHESTRATOR_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(request, null, 2))}`,
  ].join('\n');
}

/** The request as a call of the `orchestrator` command. */
export function cliCommand(request: NewRunRequest, origin: string): string {
  const { repository, budget, parameters } = request;
  const options: readonly (readonly [name: string, value: string | number | null | undefined])[] = [
    ['--profile', request.profile],
    ['--project', request.project_name],
    ['--repo', repository?.url ?? repository?.path],
    ['--upload', repository?.upload ? 'repository.zip' : null],
    ['--ref', repository?.ref],
    ['--intake', request.intake],
    ...Object.entries(parameters ?? {}).map(
      ([name, value]: [string, unknown]) => ['--param', `${name}=${parameterText(value)}`] as const,
    ),
    ['--budget', budget?.max_cost_usd],
    ['--max-tokens', budget?.max_tokens],
  ];
  const given = options.flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name} ${quoted(String(value))}`],
  );
  const flags = request.auto_advance === true ? ['--auto'] : [];
  return [`orchestrator --server ${origin} run create`, ...given, ...flags].join(' \\\n  ');
}

/** The command reads a value as JSON where it is JSON: a text that would be taken for more is written as JSON. */
function parameterText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    // Not JSON: the command takes it as the text that it is.
    return value;
  }
}
