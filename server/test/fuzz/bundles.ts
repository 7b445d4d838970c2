import type { ApiClient } from '../support/api-client.js';
import type { Random } from './random.js';

/** Values that belong together, by the names of path parameters, headers and fields of bodies. */
export interface Bundle {
  readonly values: Readonly<Record<string, unknown>>;
  /** Whose it is, where it means nothing to others. */
  readonly caller?: ApiClient;
}

/** Which kind of object a path is about; the first that fits. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\/auth\/(logout|oidc\/logout|password|sessions\/)/u, 'account'],
  [/^\/auth\/refresh$/u, 'cookie'],
  [/^\/auth\/reset$/u, 'reset'],
  [/^\/auth\/login$/u, 'password'],
  [/^\/auth\/login\/totp$/u, 'ticket'],
  [/^\/auth\/totp\/(recovery-codes|remove)$/u, 'enrolled'],
  [/^\/auth\/totp\/confirm$/u, 'enrolling'],
  [/^\/auth\/totp$/u, 'account'],
  [/^\/users\/\{user_id\}\/totp$/u, 'guarded'],
  [/^\/auth\/device\/token$/u, 'allowed-device'],
  [/^\/auth\/device\/codes/u, 'device'],
  [/^\/service-accounts\/\{/u, 'service-account'],
  [/^\/users\/\{/u, 'user'],
  [/^\/api-keys\/\{/u, 'api-key'],
  [/^\/profiles\/\{/u, 'profile'],
  [/^\/templates\/\{/u, 'template'],
  [/^\/schedules\/\{/u, 'schedule'],
  [/^\/secrets\/\{/u, 'secret'],
  [/^\/budgets\/calls\/\{/u, 'call'],
  [/^\/budgets\/\{/u, 'budget'],
  [/^\/providers\/\{/u, 'provider'],
  [/^\/webhooks\/\{/u, 'webhook'],
  [/^\/prices\/\{/u, 'price'],
  [/^\/worker\/steps\//u, 'claim'],
  [/^\/callbacks\//u, 'callback'],
  [/^\/runs\/compare$/u, 'compared'],
  [/\/shares\/\{/u, 'share'],
  [/\/comments\/\{/u, 'comment'],
  [/\/artifacts(\/|$|\.)/u, 'finished'],
  [/\/(approve|reject)$/u, 'approval'],
  [/\/steps\/\{step\}\/complete$/u, 'waiting-step'],
  [/\/retry$/u, 'failed'],
  [/\/skip$/u, 'optional'],
  [/\/rollback$/u, 'finished'],
  [/\/(resume)$/u, 'paused'],
  [/\/(cancel|pause|next)$/u, 'fresh-run'],
  [/^\/runs\/\{/u, 'finished'],
];

export const kindOf = (path: string): string | null =>
  KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? null;

const KEPT = 6;
/** An object that an operation cannot be tried on successfully is not made again and again for it. */
const MOST_MADE = 6;

/** Some objects of every kind, made anew while an operation has hardly succeeded, since others remove and change them. */
export class Bundles {
  private readonly pools = new Map<string, Bundle[]>();
  private readonly made = new Map<string, number>();

  constructor(private readonly makers: Readonly<Record<string, () => Promise<Bundle>>>) {}

  /** One of each, one after the other: later requests are many at once. */
  async warm(): Promise<void> {
    for (const [kind, make] of Object.entries(this.makers)) this.pools.set(kind, [await make()]);
  }

  async of(operationId: string, path: string, wanting: boolean, random: Random): Promise<Bundle | null> {
    const kind = kindOf(path);
    if (kind === null) return null;
    const pool = this.pools.get(kind) ?? [];
    this.pools.set(kind, pool);
    const made = this.made.get(operationId) ?? 0;
    if (pool.length > 0 && !(wanting && made < MOST_MADE)) return random.pick(pool);
    this.made.set(operationId, made + 1);
    const maker = this.makers[kind];
    if (maker === undefined) throw new Error(`Nothing makes a ${kind}`);
    // On a busy machine a run may not get so far in time; one from before does as well.
    const bundle = await maker().catch((error: unknown) => {
      if (pool.length === 0) throw error;
      return random.pick(pool);
    });
    pool.push(bundle);
    if (pool.length > KEPT) pool.shift();
    return bundle;
  }
}
