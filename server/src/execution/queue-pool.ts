import type { Pool } from 'pg';
import { openPool } from '../persistence/lost-connections.js';

/**
 * PostgreSQL's "try again": what the queue's library answers by trying again after a pause that grows to five seconds.
 * It does not do so for lost connections, and then the end of a job is never noted or ends the process.
 */
const TRY_AGAIN = '40001';
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300']);
const LOST_WITHOUT_CODE = /^Connection terminated|not queryable|timeout exceeded/u;

type Call = (...args: readonly unknown[]) => unknown;

/** The connections of the queue, on which a lost connection counts as something to try again. */
export function openQueuePool(url: string, max: number, say: (error: Error) => void): Pool {
  const pool = openPool({ connectionString: url, max, application_name: 'orchestrator queue' }, say);
  pool.on('connect', (client) => {
    Object.assign(client, { query: tryingAgain(client.query.bind(client) as Call) });
  });
  return Object.assign(pool, { connect: tryingAgain(pool.connect.bind(pool) as Call) });
}

/** The same call; calls with a callback, which the library repeats by itself, stay as they are. */
function tryingAgain(call: Call): Call {
  return (...args) => {
    const answer = call(...args);
    return answer instanceof Promise
      ? answer.catch((error: unknown) => Promise.reject(asTryAgain(error)))
      : answer;
  };
}

function asTryAgain(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const lost =
    code === null ? LOST_WITHOUT_CODE.test(error.message) : LOST.has(code) || code.startsWith('08');
  return lost ? Object.assign(new Error(error.message, { cause: error }), { code: TRY_AGAIN }) : error;
}
