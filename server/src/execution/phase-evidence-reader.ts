import { Injectable } from '@nestjs/common';
import Big from 'big.js';
import { DataSource } from 'typeorm';
import { ArtifactContents } from '../artifacts/artifact-contents.js';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import type { EvidenceArtifact, GateVerdict, PhaseEvidence } from '../governance/domain/evidence.js';
import { evaluateGate } from '../governance/gates/evaluate-gate.js';
import { MeasurementsRepository } from '../governance/measurements.repository.js';
import { ApprovalEntity } from '../runs/approval.entity.js';
import type { PhaseAttemptState } from '../runs/domain/run-state.js';
import type { GateDefinition } from '../workflow/domain/profile.js';
import { RunWorkspaces } from './workspace/run-workspace.js';

/**
 * What an attempt used, with what steps that it kept used where they were executed: a kept step was never queued in it.
 */
const USAGE = `
  SELECT coalesce(sum(u.cost_usd), 0) AS cost, coalesce(sum(u.input_tokens + u.output_tokens), 0) AS tokens,
    count(*) FILTER (WHERE u.cost_usd IS NULL) AS unpriced
  FROM usage_ledger u JOIN (
    SELECT $1::uuid AS attempt, NULL AS step
    UNION ALL
    SELECT executed.id, s.key FROM phase_attempts a JOIN steps s ON s.phase_attempt_id = a.id
    CROSS JOIN LATERAL (
      SELECT b.id FROM phase_attempts b JOIN steps t ON t.phase_attempt_id = b.id
      WHERE b.run_id = a.run_id AND b.phase = a.phase AND b.number < a.number AND t.key = s.key AND t.queued_at IS NOT NULL
      ORDER BY b.number DESC LIMIT 1) executed
    WHERE a.id = $1 AND s.queued_at IS NULL AND s.status = 'succeeded'
  ) counted ON u.phase_attempt_id = counted.attempt AND (counted.step IS NULL OR u.step = counted.step)`;

/** Gathers the evidence of one phase attempt and has its gates judge it. */
@Injectable()
export class PhaseEvidenceReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactsRepository,
    private readonly contents: ArtifactContents,
    private readonly measurements: MeasurementsRepository,
    private readonly workspaces: RunWorkspaces,
  ) {}

  async judge(
    runId: string,
    attempt: PhaseAttemptState,
    gates: readonly GateDefinition[],
    commit: string | null,
  ): Promise<GateVerdict[]> {
    if (gates.length === 0) return [];
    const evidence = {
      ...(await this.evidence(runId, attempt)),
      earlier: await this.earlier(runId, attempt.phase, gates),
    };
    const further = await this.furtherFiles(runId, gates, commit);
    const verdicts: GateVerdict[] = [];
    for (const gate of gates) verdicts.push(await evaluateGate(gate, evidence, further));
    return verdicts;
  }

  private async evidence(runId: string, attempt: PhaseAttemptState): Promise<Omit<PhaseEvidence, 'earlier'>> {
    const [artifacts, measurements, usage, approvals] = await Promise.all([
      this.artifacts.ofAttempt(runId, attempt.phase, attempt.number),
      this.measurements.ofAttempts([attempt.id]),
      this.usage(attempt.id),
      this.approvals(attempt.id),
    ]);
    return {
      artifacts: artifacts.map((artifact) => this.contents.asEvidence(artifact)),
      measurements: measurements.map(({ name, value, source, sha256, step }) => ({
        name,
        value,
        source,
        sha256,
        stepId: step,
      })),
      usage,
      approvals: approvals
        .filter((approval) => approval.decision === 'approved')
        .map(({ userId, role, at }) => ({ userId, role, at })),
      now: new Date(),
    };
  }

  private async usage(phaseAttemptId: string): Promise<PhaseEvidence['usage']> {
    const [row] = await this.dataSource.query<{ cost: string; tokens: string; unpriced: string }[]>(USAGE, [
      phaseAttemptId,
    ]);
    return {
      costUsd: new Big(row?.cost ?? '0').toFixed(),
      tokens: Number(row?.tokens ?? 0),
      unpricedCalls: Number(row?.unpriced ?? 0),
    };
  }

  private approvals(phaseAttemptId: string): Promise<ApprovalEntity[]> {
    return this.dataSource
      .getRepository(ApprovalEntity)
      .createQueryBuilder('a')
      .where(
        'a.voided_at IS NULL AND a.step_id IN (SELECT id FROM steps WHERE phase_attempt_id = :phaseAttemptId)',
        {
          phaseAttemptId,
        },
      )
      .getMany();
  }

  private async earlier(
    runId: string,
    phase: string,
    gates: readonly GateDefinition[],
  ): Promise<EvidenceArtifact[]> {
    const sources = gates.flatMap((gate) => (gate.kind === 'trace' ? [gate.source] : []));
    if (sources.length === 0) return [];
    const artifacts = await this.artifacts.list(runId, 'current');
    return artifacts
      .filter((artifact) => artifact.phase !== phase && sources.includes(artifact.path))
      .map((artifact) => this.contents.asEvidence(artifact));
  }

  /** Where a relative link may lead beside the attempt's artifacts: artifacts of the run, files of its workspace. */
  private async furtherFiles(
    runId: string,
    gates: readonly GateDefinition[],
    commit: string | null,
  ): Promise<string[]> {
    if (!gates.some((gate) => gate.kind === 'links')) return [];
    const artifacts = (await this.artifacts.list(runId, 'current')).map((artifact) => artifact.path);
    const files = commit === null ? [] : await this.workspaces.listFiles(runId, commit);
    return [...artifacts, ...files.map((file) => file.path)];
  }
}
