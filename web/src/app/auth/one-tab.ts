const LEASE_KEY = 'orchestrator.one-tab';
/** Longer than anything takes that is done under it; a tab that was closed meanwhile holds nobody up for longer. */
const LEASE_MS = 15_000;
/** Until another tab would have been seen that took the lease at the same moment. */
const SETTLE_MS = 60;
const AGAIN_MS = 100;

/**
 * Does the work in one tab of the console at a time. Browsers have locks for it, but over TLS and on this machine
 * alone; elsewhere a lease in the storage that all tabs share takes their place.
 */
export function inOneTab<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  return locks === undefined ? underLease(work) : locks.request(LEASE_KEY, work);
}

async function underLease<T>(work: () => Promise<T>): Promise<T> {
  const mine = Math.random().toString(36);
  while (!(await took(mine))) await pause(AGAIN_MS);
  try {
    return await work();
  } finally {
    if (holder() === mine) localStorage.removeItem(LEASE_KEY);
  }
}

async function took(mine: string): Promise<boolean> {
  if (holder() !== null) return false;
  localStorage.setItem(LEASE_KEY, `${mine} ${String(Date.now() + LEASE_MS)}`);
  await pause(SETTLE_MS);
  return holder() === mine;
}

/** Who holds the lease; null: nobody, or nobody any more. */
function holder(): string | null {
  const [name = '', until = '0'] = (localStorage.getItem(LEASE_KEY) ?? '').split(' ');
  return Number(until) > Date.now() ? name : null;
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
