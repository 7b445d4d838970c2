import type { RunCheck } from './check.js';

const ledgerCost: RunCheck = {
  name: 'ledger_cost',
  says: 'What a call cost is its tokens at its price',
  severity: 'violation',
  sql: `
    SELECT u.run_id, u.id, format('%s/%s cost %s USD; its tokens at its price are %s', u.provider, u.model, u.cost_usd, c.cost) AS detail
    FROM usage_ledger u
    CROSS JOIN LATERAL (SELECT CASE
      WHEN u.input_tokens + u.cache_read_tokens + u.cache_write_tokens > (u.price #>> '{longContext,above}')::bigint
      THEN u.price -> 'longContext' ELSE u.price END AS rates) r
    CROSS JOIN LATERAL (SELECT round((u.input_tokens * (r.rates ->> 'input')::numeric
      + u.output_tokens * (r.rates ->> 'output')::numeric + u.cache_read_tokens * (r.rates ->> 'cacheRead')::numeric
      + u.cache_write_tokens * (r.rates ->> 'cacheWrite')::numeric) / 1000000, 10) AS cost) c
    WHERE u.run_id = ANY($1::uuid[]) AND jsonb_typeof(u.price) = 'object' AND u.cost_usd IS DISTINCT FROM c.cost`,
};

const ledgerPlace: RunCheck = {
  name: 'ledger_place',
  says: 'Every call belongs to a step of an attempt of its phase, and to its run’s owner, project and profile',
  severity: 'violation',
  sql: `
    SELECT u.run_id, u.id, format('a call of %s/%s in project %s, profile %s, owner %s is nobody’s', u.phase, u.step, u.project,
        u.profile, u.owner_id) AS detail
    FROM usage_ledger u JOIN runs r ON r.id = u.run_id
    WHERE u.run_id = ANY($1::uuid[]) AND (u.project <> r.project_name OR u.profile <> r.profile OR u.owner_id <> r.owner_id
      OR NOT EXISTS (SELECT FROM steps s WHERE s.phase_attempt_id = u.phase_attempt_id AND s.run_id = u.run_id
        AND s.phase = u.phase AND s.key = u.step))`,
};

const callAndLedger: RunCheck = {
  name: 'call_and_ledger',
  says: 'A call is in the ledger when it is settled, and only then',
  severity: 'violation',
  sql: `
    SELECT c.run_id, c.id, format('call of %s/%s is %s and %s in the ledger', c.provider, c.model, c.state,
        CASE WHEN u.id IS NULL THEN 'not' ELSE 'also' END) AS detail
    FROM model_calls c LEFT JOIN usage_ledger u ON u.id = c.id
    WHERE c.run_id = ANY($1::uuid[]) AND (c.state = 'settled') <> (u.id IS NOT NULL)`,
};

/** That every call is in one place, at its price; the sums of steps, attempts, phases and people are sums of these. */
export const moneyChecks: readonly RunCheck[] = [ledgerCost, ledgerPlace, callAndLedger];

const counts = `(b.kind = 'month' OR (b.kind = 'user' AND b.subject = x.owner_id::text)
  OR (b.kind = 'project' AND b.subject = x.project) OR (b.kind = 'phase' AND b.subject = x.profile || '/' || x.phase))`;
const period = `CASE b.period WHEN 'none' THEN 'all' ELSE to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM') END`;

const budgetSums: RunCheck = {
  name: 'budget_sums',
  says: 'A budget holds what the ledger says was spent, and what open calls have reserved',
  severity: 'violation',
  sql: `
    WITH counted AS (
      SELECT b.id, ${period} AS period, coalesce(x.cost_usd, 0) AS cost, x.input_tokens + x.output_tokens AS tokens,
        0 AS held, 0 AS held_tokens
      FROM budgets b JOIN usage_ledger x ON ${counts}
      UNION ALL
      SELECT b.id, ${period}, 0, 0, coalesce(x.reserved_usd, 0), x.reserved_tokens
      FROM budgets b JOIN model_calls x ON x.state IN ('reserved', 'unknown') AND ${counts}),
    sums AS (
      SELECT id, period, sum(cost) AS cost, sum(tokens) AS tokens, sum(held) AS held, sum(held_tokens) AS held_tokens
      FROM counted GROUP BY id, period)
    SELECT NULL AS run_id, coalesce(u.budget_id, s.id) AS id,
      format('%s: %s USD and %s tokens spent, %s USD and %s tokens reserved; %s, %s, %s and %s are right',
        coalesce(u.period, s.period), u.cost_usd, u.tokens, u.reserved_usd, u.reserved_tokens, s.cost, s.tokens, s.held,
        s.held_tokens) AS detail
    FROM budget_usage u FULL JOIN sums s ON s.id = u.budget_id AND s.period = u.period
    WHERE coalesce(u.cost_usd, 0) <> coalesce(s.cost, 0) OR coalesce(u.tokens, 0) <> coalesce(s.tokens, 0)
      OR coalesce(u.reserved_usd, 0) <> coalesce(s.held, 0) OR coalesce(u.reserved_tokens, 0) <> coalesce(s.held_tokens, 0)`,
};

/** Looked at once, over all runs and those that were erased; they take no run ids. */
export const wholeChecks: readonly RunCheck[] = [budgetSums];
