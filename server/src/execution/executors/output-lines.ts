import { Big } from 'big.js';
import { ARTIFACT_TYPES } from '../../workflow/domain/profile.js';
import type { ArtifactType } from '../../workflow/domain/profile.js';
import type { ReportedUsage } from './executor.js';

export interface ReportedArtifact {
  readonly path: string;
  readonly type: ArtifactType | null;
  readonly description: string | null;
}

/** What a step said in `$ORCHESTRATOR_OUTPUT`. */
export interface ReportedLines {
  /** The last value of each name. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly usage: readonly ReportedUsage[];
  readonly artifacts: readonly ReportedArtifact[];
  readonly summary: string | null;
  readonly warnings: readonly string[];
}

export const MAX_OUTPUT_LINES = 50_000;
const MAX_WARNINGS = 1000;
const MAX_SUMMARY = 20_000;
const MAX_TEXT = 2000;
const METRIC_NAME = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;

type Fields = Readonly<Record<string, unknown>>;

/** Reads JSON lines; what is malformed becomes a warning with the number of its line. */
export function parseOutputLines(text: string): ReportedLines {
  const reader = new LineReader();
  const lines = text.split('\n');
  for (const [index, line] of lines.slice(0, MAX_OUTPUT_LINES).entries()) {
    if (line.trim() !== '') reader.read(line, index + 1);
  }
  if (lines.length > MAX_OUTPUT_LINES + 1) {
    reader.warn(`only the first ${MAX_OUTPUT_LINES} lines of $ORCHESTRATOR_OUTPUT were read`);
  }
  return reader;
}

class LineReader implements ReportedLines {
  readonly metrics = new Map<string, number>();
  readonly usage: ReportedUsage[] = [];
  readonly artifacts: ReportedArtifact[] = [];
  readonly warnings: string[] = [];
  summary: string | null = null;

  read(line: string, number: number): void {
    const entry = parseObject(line);
    if (entry === null) {
      this.reject(number, 'not a JSON object');
      return;
    }
    const keys = Object.keys(entry);
    if (keys.length === 0) this.reject(number, 'an empty object');
    for (const key of keys) {
      const problem = this.take(key, entry[key]);
      if (problem !== null) this.reject(number, problem);
    }
  }

  warn(text: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(text.slice(0, MAX_TEXT));
  }

  private reject(number: number, problem: string): void {
    this.warn(`$ORCHESTRATOR_OUTPUT line ${number} was not understood: ${problem}`);
  }

  /** Keeps a value; says what is wrong with it otherwise. */
  private take(key: string, value: unknown): string | null {
    switch (key) {
      case 'metric':
        return this.takeMetric(value);
      case 'usage':
        return this.takeUsage(value);
      case 'artifact':
        return this.takeArtifact(value);
      case 'summary':
        if (typeof value !== 'string') return 'summary is not a text';
        this.summary = value.slice(0, MAX_SUMMARY);
        return null;
      case 'warning':
        if (typeof value !== 'string') return 'warning is not a text';
        this.warn(value);
        return null;
      default:
        return `unknown key ${JSON.stringify(key.slice(0, 100))}`;
    }
  }

  private takeMetric(value: unknown): string | null {
    if (!isFields(value)) return 'metric is not an object';
    const { name, value: number } = value;
    if (typeof name !== 'string' || name.length > 128 || !METRIC_NAME.test(name)) {
      return 'metric.name is not dotted lower-case words';
    }
    if (typeof number !== 'number' || !Number.isFinite(number)) return 'metric.value is not a finite number';
    this.metrics.set(name, number);
    return null;
  }

  private takeUsage(value: unknown): string | null {
    if (!isFields(value)) return 'usage is not an object';
    const usage = readUsage(value);
    if (typeof usage === 'string') return usage;
    this.usage.push(usage);
    return null;
  }

  private takeArtifact(value: unknown): string | null {
    if (!isFields(value)) return 'artifact is not an object';
    const { path, type = null, description = null } = value;
    if (typeof path !== 'string' || path === '' || path.includes('\0')) return 'artifact.path is not a path';
    const known = type === null ? null : ARTIFACT_TYPES.find((name) => name === type);
    if (known === undefined) return `artifact.type is none of ${ARTIFACT_TYPES.join(', ')}`;
    if (description !== null && typeof description !== 'string') return 'artifact.description is not a text';
    this.artifacts.push({ path, type: known, description: description?.slice(0, MAX_TEXT) ?? null });
    return null;
  }
}

function readUsage(fields: Fields): ReportedUsage | string {
  const { provider, model, cost_usd: cost = null } = fields;
  if (!isName(provider)) return 'usage.provider is not a name';
  if (!isName(model)) return 'usage.model is not a name';
  const tokens: Record<string, number> = {};
  for (const [name, absent] of TOKEN_FIELDS) {
    const count = fields[name] ?? absent;
    if (!isCount(count)) return `usage.${name} is not a whole number of 0 or more`;
    tokens[name] = count;
  }
  const reportedCostUsd = toMoney(cost);
  if (cost !== null && reportedCostUsd === null) return 'usage.cost_usd is not an amount of 0 or more';
  return {
    provider,
    model,
    inputTokens: tokens['input_tokens'] ?? 0,
    outputTokens: tokens['output_tokens'] ?? 0,
    cacheReadTokens: tokens['cache_read_tokens'] ?? 0,
    cacheWriteTokens: tokens['cache_write_tokens'] ?? 0,
    reportedCostUsd,
  };
}

/** Input and output have to be said; a tool without a cache says nothing about it. */
const TOKEN_FIELDS: readonly (readonly [string, number | null])[] = [
  ['input_tokens', null],
  ['output_tokens', null],
  ['cache_read_tokens', 0],
  ['cache_write_tokens', 0],
];

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 200;

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** An amount of dollars as a decimal string without exponent; null for what is no amount. */
export function toMoney(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return new Big(value).toFixed();
  return typeof value === 'string' && /^\d{1,12}(\.\d{1,18})?$/.test(value) ? new Big(value).toFixed() : null;
}

/** The object that a text is in JSON; null for anything else. */
export function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    // Not JSON: the caller decides what that means.
    return null;
  }
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
