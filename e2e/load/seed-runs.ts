import type { ClientBase } from 'pg';

const OWNERS = 50;
const PROFILES = 10;
const DAYS = 365;

const ownerIdSql = (n: string): string => `('00000000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

/**
 * Fills an empty, migrated database with runs of the last year: fifty owners and ten profiles of unequal size, nine
 * of ten runs completed, the unfinished ones among the newest, every tenth archived.
 * The same count gives the same shares; ids and figures are random.
 */
export async function seedRuns(client: ClientBase, count: number): Promise<void> {
  await client.query(`INSERT INTO users (id, email, name, role, created_at)
    SELECT ${ownerIdSql('n')}, 'owner-' || n || '@example.org', 'Owner ' || n, 'member', now()
    FROM generate_series(0, ${OWNERS - 1}) n`);
  const rebuild = await dropIndexes(client, ['runs', 'run_inputs', 'run_phases']);
  // References are true by construction; checking each costs more than writing it.
  await client.query('SET session_replication_role = replica; SELECT setseed(0.5)');
  await client.query(DRAW, [count]);
  for (const statement of [RUNS, PARAGRAPHS, INPUTS]) await client.query(statement);
  // No list reads them: enough for a table that nobody would scan.
  await client.query(PHASES, [Math.ceil(count / 10_000)]);
  await client.query('DROP TABLE drawn, paragraphs; SET session_replication_role = DEFAULT');
  for (const statement of rebuild) await client.query(statement);
  for (const table of ['users', 'runs', 'run_inputs', 'run_phases'])
    await client.query(`VACUUM ANALYZE ${table}`);
}

/** @returns the statements that build them again */
async function dropIndexes(client: ClientBase, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = ANY($1) AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

const DRAW = `CREATE TEMP TABLE drawn AS
  SELECT n, at, uuidv7(at - now()) AS id, at + random() * interval '2 hours' AS updated_at,
    ${ownerIdSql(`floor(power(random(), 2) * ${OWNERS})`)} AS owner_id,
    'profile-' || floor(power(random(), 2) * ${PROFILES}) AS profile,
    CASE WHEN fresh AND luck < 0.30 THEN 'running' WHEN fresh AND luck < 0.45 THEN 'paused'
      WHEN luck < 0.90 THEN 'completed' WHEN luck < 0.96 THEN 'failed' ELSE 'cancelled' END::run_status AS status,
    random() AS money, random() AS effort, random() AS shelf,
    floor(random() * 600)::int AS dice, floor(random() * 600)::int AS coin
  FROM (SELECT n, now() - (1 - n / $1::float8) * interval '${DAYS} days' AS at, n > $1 * 0.98 AS fresh,
          random() AS luck FROM generate_series(1, $1::int) n) moments`;

const RUNS = `INSERT INTO runs (id, profile, profile_version, project_name, owner_id, status, current_phase,
    auto_advance, phases_total, phases_done, phase_states, waiting_kind, waiting_since, cost_usd, input_tokens,
    output_tokens, working_ms, artifacts_count, last_seq, version, created_at, updated_at, completed_at, archived_at)
  SELECT id, profile, 1,
    CASE WHEN dice % 5 = 0 THEN 'run_' || right(id::text, 8) ELSE (ARRAY['checkout','billing','search','orders','ledger',
      'pricing','catalog','shipping'])[1 + dice % 8] || '-' || (ARRAY['api','web','jobs'])[1 + coin % 3] || '-' || n / 40 END,
    owner_id, status, CASE status WHEN 'completed' THEN 'document' ELSE 'design' END, true, 5,
    CASE status WHEN 'completed' THEN 5 ELSE 1 END,
    '[{"phase":"discovery","status":"completed"},{"phase":"design","status":"completed"},{"phase":"implementation","status":"completed"},{"phase":"test","status":"completed"},{"phase":"document","status":"completed"}]',
    waiting, CASE WHEN waiting IS NOT NULL THEN updated_at END,
    CASE WHEN status = 'cancelled' OR money < 0.3 THEN 0 ELSE round(power(10, money * 4 - 2.5)::numeric, 6) END,
    10000, 2000, CASE status WHEN 'cancelled' THEN 0 ELSE power(10, effort * 5 + 2)::bigint END, 12, 40, 20, at,
    updated_at, CASE status WHEN 'completed' THEN updated_at END, CASE WHEN shelf < 0.1 THEN updated_at END
  FROM (SELECT *, CASE status WHEN 'failed' THEN CASE WHEN shelf < 0.98 THEN NULL ELSE 'retry' END WHEN 'running' THEN
      (ARRAY['advance','phase','approval','worker','agent','budget'])[1 + floor(effort * 6)::int] END AS waiting
    FROM drawn) runs_to_be`;

const PARAGRAPHS = `CREATE TEMP TABLE paragraphs AS
  SELECT p, string_agg('word' || floor(power(random(), 3) * 5000), ' ') AS text
  FROM generate_series(0, 999) p, generate_series(1, 30) GROUP BY p`;

const INPUTS = `INSERT INTO run_inputs (run_id, intake, metadata, parameters, project_name, search)
  SELECT id, intake, jsonb_build_object('team', 'team-' || coin % 20, 'ticket', 'OPS-' || n, 'urgent', coin % 100 = 0,
      'stage', CASE WHEN dice % 10 < 8 THEN 'production' ELSE 'trial' END), '{}',
    project_name, run_search(project_name, intake)
  FROM (SELECT d.id, d.n, d.dice, d.coin, r.project_name, 'the ' || a.text || ' ' || b.text
      || CASE WHEN dice % 3 = 0 THEN ' forecast' ELSE '' END || CASE WHEN coin % 200 = 7 THEN ' turbine' ELSE '' END
      || CASE WHEN n % greatest(1, (SELECT max(n) FROM drawn) / 10) = 0 THEN ' zirconium' ELSE '' END AS intake
    FROM drawn d JOIN runs r USING (id) JOIN paragraphs a ON a.p = d.n % 1000
      JOIN paragraphs b ON b.p = d.n / 1000 % 1000) written`;

const PHASES = `INSERT INTO run_phases (run_id, phase, position, status, attempt, started_at, working_ms, artifacts_count)
  SELECT id, (ARRAY['discovery','design','implementation','test','document'])[p + 1], p,
    CASE WHEN status = 'completed' OR p = 0 THEN 'completed' ELSE 'pending' END::phase_status, 1, at, 1000, 2
  FROM drawn, generate_series(0, 4) p WHERE n % $1::int = 0`;
