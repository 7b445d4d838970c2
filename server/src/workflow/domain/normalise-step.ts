import { parseDuration } from './duration.js';
import type {
  ArtifactDeclaration,
  EvidenceDeclaration,
  ExecutorDefinition,
  RetryPolicy,
  StepDefinition,
} from './profile.js';
import { EVIDENCE_FORMATS } from './profile.js';
import type {
  AgentCliSource,
  ApprovalSource,
  ArtifactSource,
  EvidenceSource,
  HttpSource,
  LlmSource,
  ProfileSource,
  RetrySource,
  StepSource,
} from './profile-source.js';

const DEFAULT_TIMEOUT = '30m';
const DEFAULT_ATTEMPTS = 3;
const DEFAULT_BACKOFF = '2s';
const DEFAULT_MAX_STEPS = 20;
const DEFAULT_TOOLS = ['list', 'read', 'search', 'write'];
const DEFAULT_EXPECT = [200, 201, 202, 204];

/** Fills in a step: its own values, else the profile's defaults, else the product's. */
export function normaliseStep(
  source: StepSource,
  defaults: NonNullable<ProfileSource['defaults']>,
): StepDefinition {
  const timeout = source.timeout ?? source.http?.timeout ?? defaults.timeout ?? DEFAULT_TIMEOUT;
  return {
    id: source.id,
    agent: source.agent ?? source.id,
    needs: source.needs ?? [],
    when: source.when ?? null,
    timeoutMs: milliseconds(timeout),
    retry: normaliseRetry(source.retry, defaults.retry),
    env: source.env ?? {},
    secrets: source.secrets ?? [],
    artifacts: (source.artifacts ?? []).map(normaliseArtifact),
    evidence: (source.evidence ?? []).map(normaliseEvidence),
    executor: normaliseExecutor(source),
  };
}

/** @throws RangeError where the text is not a duration */
export function milliseconds(duration: string): number {
  const value = parseDuration(duration);
  if (value === null) throw new RangeError(`${duration} is not a duration`);
  return value;
}

function normaliseRetry(own: RetrySource | undefined, defaults: RetrySource | undefined): RetryPolicy {
  return {
    attempts: own?.attempts ?? defaults?.attempts ?? DEFAULT_ATTEMPTS,
    backoffMs: milliseconds(own?.backoff ?? defaults?.backoff ?? DEFAULT_BACKOFF),
    exitCodes: own !== undefined,
  };
}

function normaliseArtifact(source: ArtifactSource): ArtifactDeclaration {
  return {
    path: source.path,
    type: source.type ?? null,
    required: source.required ?? false,
    description: source.description ?? null,
  };
}

function normaliseEvidence(source: EvidenceSource): EvidenceDeclaration {
  for (const format of EVIDENCE_FORMATS) {
    const path = source[format];
    if (path !== undefined) return { format, path };
  }
  throw new RangeError('Evidence names no known format');
}

function normaliseExecutor(source: StepSource): ExecutorDefinition {
  if (source.command !== undefined) return { kind: 'command', command: source.command };
  if (source.llm !== undefined) return normaliseLlm(source.llm);
  if (source.agent_cli !== undefined) return normaliseAgentCli(source.agent_cli);
  if (source.worker !== undefined) {
    const { labels = [], claim_timeout: timeout } = source.worker;
    return { kind: 'worker', labels, claimTimeoutMs: timeout === undefined ? null : milliseconds(timeout) };
  }
  if (source.approval !== undefined) return normaliseApproval(source.approval);
  if (source.http !== undefined) return normaliseHttp(source.http);
  throw new RangeError(`Step ${source.id} has no executor`);
}

const normaliseLlm = (source: LlmSource): ExecutorDefinition => ({
  kind: 'llm',
  role: source.role,
  task: source.task,
  model: source.model ?? 'default',
  maxSteps: source.max_steps ?? DEFAULT_MAX_STEPS,
  tools: source.tools ?? DEFAULT_TOOLS,
  maxTokens: source.max_tokens ?? null,
});

const normaliseAgentCli = (source: AgentCliSource): ExecutorDefinition => ({
  kind: 'agent_cli',
  tool: source.tool,
  role: source.role,
  task: source.task,
  model: source.model ?? null,
  command: source.command ?? [],
});

const normaliseApproval = (source: ApprovalSource): ExecutorDefinition => ({
  kind: 'approval',
  role: source.role ?? 'member',
  count: source.count ?? 1,
  selfApproval: source.self_approval ?? false,
  approvalTimeoutMs: source.timeout === undefined ? null : milliseconds(source.timeout),
});

const normaliseHttp = (source: HttpSource): ExecutorDefinition => ({
  kind: 'http',
  method: source.method ?? 'POST',
  url: source.url,
  headers: source.headers ?? {},
  body: bodyText(source.body),
  expect: source.expect ?? DEFAULT_EXPECT,
  callback: source.callback ?? false,
});

function bodyText(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}
