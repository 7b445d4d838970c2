import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artifactsOf, commands, createRun, next, publish } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';
import { Judge } from './judge.js';
import { operationsOf, readDocument, Requests, type KnownIds, type Operation } from './operations.js';
import { Random } from './random.js';

/** The tests always send the same requests; `npm run fuzz` others each time. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261127);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 1200);
const AT_ONCE = 24;
/** Each costs a password's hash. */
const COSTLY = new Set(['login', 'setUp', 'createUser', 'updateUser', 'changePassword']);
/** Would sign the caller out: done by one who is not needed for anything else. */
const LEAVING = new Set(['logout', 'endOidcLogin', 'changePassword', 'revokeSession']);
/** Streams that do not end. */
const ENDLESS = new Set(['streamEvents']);

describe(`${String(REQUESTS)} requests made from the OpenAPI document (seed ${String(SEED)})`, () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
  });
  afterAll(() => api.stop());

  it('are all answered as documented, and none with an error of the server', async () => {
    const document = await readDocument();
    const operations = operationsOf(document).filter(({ operationId }) => !ENDLESS.has(operationId));
    const judge = new Judge(document);
    const known = await prepare(api);
    const requests = new Requests(document, known);
    const random = new Random(SEED);
    const faults = new Map<string, string>();
    const statuses = new Map<number, number>();
    const tried = new Set<string>();
    const untried = [...operations];
    let sent = 0;
    const one = async (): Promise<void> => {
      const operation = untried.pop() ?? random.pick(operations);
      if (tried.has(operation.operationId) && COSTLY.has(operation.operationId) && !random.chance(0.05))
        return;
      const caller = callerOf(operation, api, random);
      const request = requests.for(operation, random);
      sent += 1;
      tried.add(operation.operationId);
      const answer = await send(caller, operation, request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (operation.operationId === 'createRun' && answer.status === 201) {
        known['run_id']?.push((JSON.parse(answer.text) as { run_id: string }).run_id);
      }
      const fault = judge.fault(operation, answer);
      if (fault === null) return;
      const key = `${operation.operationId} ${fault.slice(0, 300)}`;
      if (!faults.has(key)) faults.set(key, JSON.stringify(request).slice(0, 600));
    };
    const worker = async (): Promise<void> => {
      while (sent < REQUESTS) await one();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (process.env['FUZZ_REQUESTS'] !== undefined) process.stdout.write(table(sent, statuses));
    expect(Object.fromEntries(faults)).toEqual({});
    expect(tried.size).toBe(operations.length);
  }, 600_000);
});

function callerOf({ operationId }: Operation, api: TestApp, random: Random): ApiClient {
  if (LEAVING.has(operationId)) return api.otherMember;
  return random.chance(0.8) ? api.admin : random.pick([api.member, api.viewer, api.nobody]);
}

const table = (sent: number, statuses: ReadonlyMap<number, number>): string =>
  `seed ${String(SEED)}: ${String(sent)} requests\n` +
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `  ${String(status)}  ${String(count)}\n`)
    .join('');

async function send(
  caller: ApiClient,
  { method }: Operation,
  { path, headers, body }: ReturnType<Requests['for']>,
): Promise<{ status: number; type: string; text: string }> {
  const answer = await caller.raw(path, {
    method,
    headers: { ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/u, '');
  return { status: answer.status, type, text: await answer.text() };
}

/** Something of every kind to ask for. */
async function prepare({ admin, member }: TestApp): Promise<KnownIds> {
  await publish(
    admin,
    'sample',
    commands({ work: 'echo "# A note" > "$ORCHESTRATOR_ARTIFACTS/a.md"', after: 'true' }),
  );
  const runs = [await createRun(admin, 'sample'), await createRun(member, 'sample')];
  for (const run of runs) await next(admin, run);
  const artifacts = await artifactsOf(admin, String(runs[0]), 'work');
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await admin.post<Record<string, string>>(path, body);
    expect(answer.status).toBe(201);
    const key = Object.keys(answer.body).find((name) => name.endsWith('_id'));
    return String(answer.body[String(key)]);
  };
  return {
    run_id: runs,
    artifact_id: artifacts.map(({ artifact_id }) => artifact_id),
    phase: ['work', 'after'],
    step: ['do'],
    name: ['sample', 'self_hardening'],
    version: ['1'],
    secret_id: [await made('/secrets', { name: 'FUZZED', value: 'a value' })],
    api_key_id: [await made('/api-keys', { name: 'fuzzed' })],
    user_id: [
      await made('/users', { email: 'x@example.org', name: 'x', role: 'viewer', password: PASSWORD }),
    ],
  };
}
