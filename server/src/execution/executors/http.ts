import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../artifacts/system-error.js';
import type { ExecutorDefinition } from '../../workflow/domain/profile.js';
import { createMasker } from '../domain/mask.js';
import type { StepContext, StepExecutor, StepFailure, StepOutcome, StepReport } from './executor.js';
import { RefusedCall, guardedRequest } from '../../outbound/guarded-request.js';
import type { GuardedAnswer, GuardedCall } from '../../outbound/guarded-request.js';
import { contextToSend } from './exchange.js';
import { EMPTY_REPORT, aborted, failure } from './outcome.js';

export interface HttpSettings {
  /** Lets steps call private, loopback and link-local addresses. */
  readonly allowPrivate: boolean;
  /** Of an answer that is kept, in bytes. */
  readonly maxResponseBytes: number;
}

type HttpDefinition = Extract<ExecutorDefinition, { kind: 'http' }>;

const MAX_REDIRECTS = 3;
const MAX_TIMER_MS = 2 ** 31 - 1;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Methods that may be sent again although the first call may have arrived (RFC 9110, 9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
const WITH_BODY = ['POST', 'PUT', 'PATCH'];
/** The call did not reach the server, so no method was carried out. */
const NOT_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const TRY_LATER = [429, 503];
/** Headers that a redirect to another origin still gets: they say what the body is, and are no credentials. */
const HARMLESS_HEADERS = ['accept', 'accept-language', 'content-type', 'user-agent'];

const CALLBACK_HEADER = 'x-orchestrator-callback-url';

/** Runs `http` steps: one call, its answer kept as an artifact. */
export class HttpExecutor implements StepExecutor {
  constructor(private readonly settings: HttpSettings) {}

  async execute(context: StepContext): Promise<StepOutcome> {
    const step = definitionOf(context);
    const timeout = AbortSignal.timeout(Math.min(context.step.timeoutMs, MAX_TIMER_MS));
    try {
      const answer = await this.call(
        withCallback(withContext(step, context), context),
        AbortSignal.any([context.signal, timeout]),
      );
      return await this.outcome(context, step, answer);
    } catch (error) {
      if (context.signal.aborted) return aborted(context.signal, EMPTY_REPORT);
      const found = problemOf(error, step.method, timeout.aborted ? context.step.timeoutMs : null);
      // What is no problem of the connection is a bug.
      if (found === null) throw error;
      return this.fail(context, found, EMPTY_REPORT);
    } finally {
      // Whoever opened the log stores what is left, also where the database is away now.
      await context.log.flush().catch(() => undefined);
    }
  }

  private async call(step: HttpDefinition, signal: AbortSignal): Promise<GuardedAnswer> {
    const rules = { allowPrivate: this.settings.allowPrivate, maxBytes: this.settings.maxResponseBytes };
    const { method, headers, body } = step;
    let call: GuardedCall = {
      method,
      headers,
      body,
      url: parseUrl(step.url),
      signal,
    };
    for (let redirects = 0; ; redirects += 1) {
      const answer = await guardedRequest(call, rules);
      const wanted = step.expect.includes(answer.status) || !REDIRECTS.includes(answer.status);
      if (wanted || answer.location === null || redirects === MAX_REDIRECTS) return answer;
      call = redirected(call, answer.status, parseUrl(answer.location, call.url));
    }
  }

  private async outcome(
    context: StepContext,
    step: HttpDefinition,
    answer: GuardedAnswer,
  ): Promise<StepOutcome> {
    const report = await this.keep(context, answer);
    const { status } = answer;
    // The query of a URL may carry a key.
    const target = URL.canParse(step.url) ? new URL(step.url) : null;
    const shown = `${step.method} ${target?.origin ?? ''}${target?.pathname ?? ''}`;
    this.say(context, `${shown} answered ${status} with ${answer.body.length} bytes`);
    const expected = step.expect.length === 0 ? status >= 200 && status < 300 : step.expect.includes(status);
    if (expected && context.callback !== null) {
      return { kind: 'awaiting_callback', expiresAt: context.callback.expiresAt, report };
    }
    if (expected) return { kind: 'succeeded', report };
    return this.fail(context, statusFailure(status, step), report);
  }

  private async keep(context: StepContext, answer: GuardedAnswer): Promise<StepReport> {
    if (answer.body.length === 0) return EMPTY_REPORT;
    const path = /\bjson\b/i.test(answer.contentType) ? 'http_response.json' : 'http_response.txt';
    const folder = join(context.exchange, 'artifacts');
    await mkdir(folder, { recursive: true });
    const file = join(folder, path);
    await writeFile(file, answer.body);
    return {
      ...EMPTY_REPORT,
      artifacts: [{ path, file, type: 'data', description: 'The answer of the HTTP call' }],
    };
  }

  private fail(context: StepContext, found: StepFailure, report: StepReport): StepOutcome {
    const message = createMasker(context.secrets)(found.message);
    this.say(context, message);
    return { kind: 'failed', failure: { ...found, message }, report };
  }

  private say(context: StepContext, text: string): void {
    context.log.write('system', `${createMasker(context.secrets)(text)}\n`);
  }
}

function definitionOf(context: StepContext): HttpDefinition {
  const { executor } = context.step;
  if (executor.kind !== 'http')
    throw new Error(`The HTTP executor was given a step of kind ${executor.kind}`);
  return { ...executor, method: executor.method.toUpperCase() };
}

/** A call that may have a body, and is given none by its profile, tells what a command finds in its context file. */
function withContext(step: HttpDefinition, context: StepContext): HttpDefinition {
  if (step.body !== null || !WITH_BODY.includes(step.method)) return step;
  const typed = Object.keys(step.headers).some((name) => name.toLowerCase() === 'content-type');
  const type = typed ? {} : { 'content-type': 'application/json' };
  return { ...step, headers: { ...step.headers, ...type }, body: JSON.stringify(contextToSend(context)) };
}

/** The address for the callback is no header that a profile can set, and does not follow a redirect elsewhere. */
function withCallback(step: HttpDefinition, { callback }: StepContext): HttpDefinition {
  if (callback === null) return step;
  const own = Object.entries(step.headers).filter(([name]) => name.toLowerCase() !== CALLBACK_HEADER);
  return { ...step, headers: { ...Object.fromEntries(own), [CALLBACK_HEADER]: callback.url } };
}

function parseUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href))
    throw new RefusedCall('invalid_request', 'The URL of the call is not a URL');
  return new URL(text, base?.href);
}

/** As browsers follow redirects (Fetch, HTTP-redirect fetch), but another origin gets no credentials. */
function redirected(call: GuardedCall, status: number, url: URL): GuardedCall {
  const toGet =
    (status === 303 && call.method !== 'HEAD') ||
    ((status === 301 || status === 302) && call.method === 'POST');
  const sameOrigin = url.origin === call.url.origin;
  const kept = Object.entries(call.headers).filter(([name]) => {
    const plain = name.toLowerCase();
    if (toGet && plain.startsWith('content-')) return false;
    return sameOrigin || HARMLESS_HEADERS.includes(plain);
  });
  const headers = Object.fromEntries(kept);
  return toGet ? { ...call, url, headers, method: 'GET', body: null } : { ...call, url, headers };
}

function statusFailure(status: number, step: HttpDefinition): StepFailure {
  const wanted = step.expect.length === 0 ? '200–299' : step.expect.join(', ');
  const later = TRY_LATER.includes(status) || (status >= 500 && IDEMPOTENT.includes(step.method));
  const found = failure('unexpected_status', `The call answered ${status}; expected ${wanted}`);
  return { ...found, retryable: later };
}

function problemOf(error: unknown, method: string, timedOutMs: number | null): StepFailure | null {
  const again = IDEMPOTENT.includes(method);
  if (timedOutMs !== null) {
    const found = failure('timeout', `The call was not answered within ${timedOutMs / 1000} s`);
    return { ...found, retryable: again };
  }
  if (error instanceof RefusedCall) return failure(error.code, error.message);
  const code = systemErrorCode(error);
  if (code === null) return null;
  const found = failure('unavailable', `The call failed: ${code}`);
  return { ...found, retryable: again || NOT_REACHED.includes(code) };
}
