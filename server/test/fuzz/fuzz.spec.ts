import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artifactsOf, createRun, next } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { OidcIssuer } from '../support/oidc-issuer.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Bundles, type Bundle } from './bundles.js';
import { Judge } from './judge.js';
import { NOWHERE, startObjects, type Objects } from './objects.js';
import { operationsOf, readDocument, Requests, type KnownValues, type Operation } from './operations.js';
import { Random } from './random.js';
import { Tally } from './tally.js';

/** The tests always send the same requests; `npm run fuzz` others each time. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261127);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 500);
const AT_ONCE = 24;
/** First requests of each operation, without a hostile place, as the administrator or whose the object is. */
const VALID = 2;
/** Each costs a password's hash. */
const COSTLY = new Set(['login', 'setUp', 'createUser', 'updateUser', 'changePassword', 'resetPassword']);
/** Streams that do not end. */
const ENDLESS = new Set(['streamEvents']);

describe(`${String(REQUESTS)} requests made from the OpenAPI document (seed ${String(SEED)})`, () => {
  let api: TestApp;
  let issuer: OidcIssuer;
  let objects: Objects;
  beforeAll(async () => {
    issuer = await OidcIssuer.start();
    api = await startTestApp({
      // A claim is held as long as requests about it may be made.
      limits: { leaseMs: 1_800_000, stepConcurrency: 12 },
      config: {
        allowPrivateAddresses: true,
        oidc: issuer.settings({ scopes: 'openid', roleMapping: new Map() }),
      },
    });
    objects = await startObjects(api);
  });
  afterAll(async () => {
    objects.stop();
    await api.stop();
    await issuer.stop();
  }, 120_000);

  it('are all answered as documented, none with an error of the server, and reach every operation', async () => {
    const document = await readDocument();
    const operations = operationsOf(document).filter(({ operationId }) => !ENDLESS.has(operationId));
    const judge = new Judge(document);
    const requests = new Requests(document, await prepare(api));
    const bundles = new Bundles(objects.makers);
    await bundles.warm();
    const random = new Random(SEED);
    const faults = new Map<string, string>();
    const tally = new Tally();
    const untried = Array.from({ length: VALID }, () => operations).flat();
    let sent = 0;
    const one = async (): Promise<void> => {
      const first = untried.pop();
      const operation = first ?? random.pick(operations);
      const { operationId, path } = operation;
      if (first === undefined && COSTLY.has(operationId) && !random.chance(0.05)) return;
      sent += 1;
      const wanting = tally.failsAlways(operationId) || random.chance(0.01);
      const bundle = (await bundles.of(operationId, path, wanting, random)) ?? { values: {} };
      const request = requests.for(operation, bundle.values, first !== undefined, random);
      const caller = first === undefined ? callerOf(bundle, api, random) : (bundle.caller ?? api.admin);
      const answer = await send(caller, operation, request);
      tally.add(operationId, answer.status);
      const fault = judge.fault(operation, answer);
      if (fault === null) return;
      const key = `${operationId} ${fault.slice(0, 300)}`;
      if (!faults.has(key)) faults.set(key, JSON.stringify(request).slice(0, 600));
    };
    const worker = async (): Promise<void> => {
      while (sent < REQUESTS) await one();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (process.env['FUZZ_REQUESTS'] !== undefined)
      process.stdout.write(`seed ${String(SEED)}: ${String(sent)} requests\n${tally.table()}\n`);
    expect(Object.fromEntries(faults)).toEqual({});
    expect(tally.unreached(operations.map(({ operationId }) => operationId))).toEqual([]);
  }, 3_600_000);
});

function callerOf({ caller }: Bundle, api: TestApp, random: Random): ApiClient {
  // What ends a sign-in or a second factor is done by nobody who is needed for anything else.
  if (caller !== undefined) return random.chance(0.9) ? caller : random.pick([api.otherMember, api.nobody]);
  return random.chance(0.8) ? api.admin : random.pick([api.member, api.viewer, api.nobody]);
}

async function send(
  caller: ApiClient,
  { method }: Operation,
  { path, headers, body }: ReturnType<Requests['for']>,
): Promise<{ status: number; type: string; text: string }> {
  const once = (): Promise<Response> =>
    caller.raw(path, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  // A kept connection may be closed for its age in the moment that it is used again.
  const answer = await once().catch(once);
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/u, '');
  return { status: answer.status, type, text: await answer.text() };
}

/** What any body may name. */
async function prepare({ admin, member }: TestApp): Promise<KnownValues> {
  const runs = [await createRun(admin, 'sample'), await createRun(member, 'sample')];
  for (const run of runs) await next(admin, run);
  const artifacts = await artifactsOf(admin, String(runs[0]), 'work');
  return {
    url: [NOWHERE],
    run_id: runs,
    run_ids: [runs],
    artifact_id: artifacts.map(({ artifact_id }) => artifact_id),
    parent_id: [null],
    profile: ['sample'],
    parameters: [null],
    repository: [null],
    template: [null],
  };
}
