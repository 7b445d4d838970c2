import type { EnvironmentReader } from './environment-reader.js';

const MIB = 1024 * 1024;
const KIB = 1024;
const SECOND = 1000;
const DAY = 24 * 3_600_000;

/** What bounds the orchestrator. Sizes in bytes, times in milliseconds. */
export interface Limits {
  /** Of a step's log: past it, head and tail are kept with a mark between. */
  readonly logBytesPerStep: number;
  /** Of one line of output: the rest of the line is cut. */
  readonly lineBytes: number;
  readonly artifactBytes: number;
  readonly artifactsPerRun: number;
  readonly jsonBodyBytes: number;
  /** After so long without a heartbeat a claimed step counts as lost. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** Between two looks for lost steps. */
  readonly sweepMs: number;
  /** For running steps to end after a signal to stop. */
  readonly graceMs: number;
  /** Steps that one process runs at a time. */
  readonly stepConcurrency: number;
  /** Agent steps that one process works on at a time; most of the time they wait for a model. */
  readonly agentConcurrency: number;
  /** Connections of each of the two pools of a process. */
  readonly databaseConnections: number;
  /** From signing in to the end of the sign-in, however it is used. */
  readonly sessionMs: number;
}

/** Reads the limits; a heartbeat that is not shorter than half the lease is a problem. */
export function readLimits(reader: EnvironmentReader): Limits {
  const limits: Limits = {
    logBytesPerStep: reader.integer('MAX_LOG_MIB_PER_STEP', 10, 1, 1024) * MIB,
    lineBytes: reader.integer('MAX_LINE_KIB', 64, 1, 1024) * KIB,
    artifactBytes: reader.integer('MAX_ARTIFACT_MIB', 100, 1, 102_400) * MIB,
    artifactsPerRun: reader.integer('MAX_ARTIFACTS_PER_RUN', 10_000, 1, 1_000_000),
    jsonBodyBytes: reader.integer('MAX_JSON_BODY_MIB', 2, 1, 64) * MIB,
    leaseMs: reader.integer('LEASE_SECONDS', 15, 2, 3600) * SECOND,
    heartbeatMs: reader.integer('HEARTBEAT_SECONDS', 5, 1, 600) * SECOND,
    sweepMs: reader.integer('SWEEP_SECONDS', 5, 1, 600) * SECOND,
    graceMs: reader.integer('GRACE_SECONDS', 10, 0, 3600) * SECOND,
    stepConcurrency: reader.integer('STEP_CONCURRENCY', 4, 1, 256),
    agentConcurrency: reader.integer('AGENT_CONCURRENCY', 8, 1, 256),
    databaseConnections: reader.integer('DATABASE_CONNECTIONS', 10, 2, 500),
    sessionMs: reader.integer('SESSION_MAX_DAYS', 30, 1, 3650) * DAY,
  };
  if (limits.heartbeatMs * 2 > limits.leaseMs) {
    reader.problem('HEARTBEAT_SECONDS', 'must be at most half of LEASE_SECONDS', null);
  }
  return limits;
}
