import { Injectable } from '@nestjs/common';
import type { ArtifactEntity } from '../../artifacts/artifact.entity.js';
import { toArtifactSummary } from '../../artifacts/artifact.mapper.js';
import { ArtifactsRepository } from '../../artifacts/artifacts.repository.js';
import { WorkflowService } from '../../workflow/workflow.service.js';
import { align, type Aligned } from '../domain/align.js';
import {
  type ArtifactChange,
  type ComparedArtifactDto,
  type ComparedRunDto,
  type RunComparisonDto,
} from '../dto/comparison.dto.js';
import { MetricsService } from '../metrics.service.js';
import type { RunEntity } from '../run.entity.js';
import { RunsService } from '../runs.service.js';
import { comparedInputs } from './compared-inputs.js';
import { comparedPhases, sameDefinition, type Side } from './compared-phases.js';

const ARTIFACTS = 1000;

/** Lays two runs beside each other: what they were given, did, made, cost and came to. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly runs: RunsService,
    private readonly metrics: MetricsService,
    private readonly workflow: WorkflowService,
    private readonly artifacts: ArtifactsRepository,
  ) {}

  async of(a: RunEntity, b: RunEntity): Promise<RunComparisonDto> {
    const [left, right] = await Promise.all([this.read(a), this.read(b)]);
    const artifacts = comparedArtifacts(left.artifacts, right.artifacts);
    return {
      a: presentSide(left),
      b: presentSide(right),
      same_definition: sameDefinition(left.definition, right.definition),
      inputs: comparedInputs(left.detail, right.detail),
      phases: comparedPhases(left, right),
      artifacts: artifacts.slice(0, ARTIFACTS),
      artifacts_left_out: Math.max(artifacts.length - ARTIFACTS, 0),
    };
  }

  private async read(run: RunEntity): Promise<Side & { readonly artifacts: readonly ArtifactEntity[] }> {
    const [detail, metrics, { definition }, artifacts] = await Promise.all([
      this.runs.detail(run, 'view'),
      this.metrics.of(run),
      this.workflow.getVersion(run.profile, run.profileVersion),
      this.artifacts.list(run.id, 'current'),
    ]);
    return { detail, metrics, definition, artifacts };
  }
}

const presentSide = ({ detail, metrics }: Side): ComparedRunDto => ({
  run_id: detail.run_id,
  project_name: detail.project_name,
  profile: detail.profile,
  profile_version: detail.profile_version,
  status: detail.status,
  created_at: detail.created_at,
  owner: detail.owner,
  cost_usd: detail.cost_usd,
  unpriced_calls: detail.unpriced_calls,
  total_duration_seconds: detail.total_duration_seconds,
  artifacts_count: detail.artifacts_count,
  waived_gates: detail.waived_gates,
  token_usage: metrics.total_token_usage,
  governance_score: metrics.governance_measured ? metrics.governance_score : null,
  hygiene_score: metrics.hygiene_measured ? metrics.hygiene_score : null,
});

/** What differs first, else in the order of the phases. */
function comparedArtifacts(
  a: readonly ArtifactEntity[],
  b: readonly ArtifactEntity[],
): ComparedArtifactDto[] {
  const rank = (change: ArtifactChange): number => (change === 'same' ? 1 : 0);
  return align(a, b, ({ phase, path }) => `${phase}/${path}`)
    .map(presentPair)
    .sort((first, second) => rank(first.change) - rank(second.change));
}

function presentPair({ key, a, b }: Aligned<ArtifactEntity>): ComparedArtifactDto {
  const [phase = '', ...path] = key.split('/');
  return {
    phase,
    path: path.join('/'),
    change: changeOf(a, b),
    a: a === null ? null : toArtifactSummary(a),
    b: b === null ? null : toArtifactSummary(b),
  };
}

function changeOf(a: ArtifactEntity | null, b: ArtifactEntity | null): ArtifactChange {
  if (a === null) return 'only_b';
  if (b === null) return 'only_a';
  return a.sha256 === b.sha256 ? 'same' : 'changed';
}
