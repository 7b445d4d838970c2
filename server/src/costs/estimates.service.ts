import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RunsService } from '../runs/runs.service.js';
import { evaluateCondition } from '../workflow/domain/when.js';
import type { EstimateDto, EstimateFiguresDto, EstimateRunDto, SpreadDto } from './estimate.dto.js';

type Spread = readonly [string, string, string] | null;

interface Figures {
  /** null: of whole runs. */
  readonly phase: string | null;
  readonly runs: number;
  readonly cost: Spread;
  readonly tokens: Spread;
  readonly duration: Spread;
}

/** Newest runs that are looked at. */
const MOST_RUNS = 200;

/** Values that occurred: half, a tenth and nine tenths of the runs had no more. */
const spread = (value: string): string =>
  `CASE WHEN count(${value}) = 0 THEN NULL ELSE ARRAY[
     (percentile_disc(0.5) WITHIN GROUP (ORDER BY ${value}))::text,
     (percentile_disc(0.1) WITHIN GROUP (ORDER BY ${value}))::text,
     (percentile_disc(0.9) WITHIN GROUP (ORDER BY ${value}))::text] END`;

const HISTORY = `
  WITH done AS (
    SELECT id FROM runs WHERE profile = $1 AND status = 'completed' AND archived_at IS NULL
    ORDER BY created_at DESC LIMIT ${String(MOST_RUNS)}),
  used AS (
    SELECT run_id, phase, sum(cost_usd) AS cost, sum(input_tokens + output_tokens) AS tokens, bool_or(cost_usd IS NULL) AS unpriced
    FROM usage_ledger WHERE run_id IN (SELECT id FROM done) GROUP BY run_id, phase),
  each AS (
    SELECT p.run_id, p.phase, p.working_ms / 1000.0 AS duration, coalesce(u.tokens, 0) AS tokens,
      CASE WHEN u.unpriced THEN NULL ELSE coalesce(u.cost, 0) END AS cost
    FROM run_phases p LEFT JOIN used u ON u.run_id = p.run_id AND u.phase = p.phase
    WHERE p.run_id IN (SELECT id FROM done) AND p.status = 'completed'),
  whole AS (
    SELECT run_id, sum(duration) AS duration, sum(tokens) AS tokens,
      CASE WHEN bool_or(cost IS NULL) THEN NULL ELSE sum(cost) END AS cost
    FROM each GROUP BY run_id)
  SELECT phase, count(*)::int AS runs, ${spread('cost')} AS cost, ${spread('tokens')} AS tokens, ${spread('duration')} AS duration
  FROM each GROUP BY phase
  UNION ALL
  SELECT NULL, count(*)::int, ${spread('cost')}, ${spread('tokens')}, ${spread('duration')} FROM whole`;

/** Tells what a run may cost from what runs of its profile have cost. */
@Injectable()
export class EstimatesService {
  constructor(
    private readonly runs: RunsService,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws DomainError 400 unknown profile, or parameters that do not fit it */
  async estimate({ profile, parameters }: EstimateRunDto): Promise<EstimateDto> {
    const { definition, values } = await this.runs.resolve(
      { profile, parameters: parameters ?? {} },
      parameters !== undefined,
    );
    const history = await this.dataSource.query<Figures[]>(HISTORY, [definition.name]);
    const total = figuresOf(history.find(({ phase }) => phase === null));
    const phases = definition.phases.filter(
      ({ when }) => when === null || values === null || evaluateCondition(when, values),
    );
    return {
      profile: definition.name,
      basis:
        total.runs === 0
          ? 'no history'
          : `history of ${String(total.runs)} run${total.runs === 1 ? '' : 's'}`,
      total,
      phases: phases.map(({ name, title }) => ({
        phase: name,
        title,
        ...figuresOf(history.find(({ phase }) => phase === name)),
      })),
    };
  }
}

const figuresOf = (figures: Figures | undefined): EstimateFiguresDto => ({
  runs: figures?.runs ?? 0,
  cost_usd: present(figures?.cost),
  tokens: present(figures?.tokens),
  duration_seconds: present(figures?.duration),
});

function present(values: Spread | undefined): SpreadDto | null {
  if (values === null || values === undefined) return null;
  const [median, p10, p90] = values;
  return { median: Number(median), p10: Number(p10), p90: Number(p90) };
}
