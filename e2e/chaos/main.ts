// `npm run chaos [-- --seconds 600 --seed 7 --lease 6]`: kills what it can while runs go on, then looks for damage.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Caller } from './client.ts';
import { Cluster, type LeaseTimes } from './cluster.ts';
import { driveRuns, nothingTold } from './driver.ts';
import { Mayhem } from './mayhem.ts';
import { profiles } from './profiles.ts';
import { seeded, type Random } from './random.ts';
import { countByKind, formatChaos, machine, passes, type ChaosReport } from './report.ts';
import { judge } from './verdict.ts';

const root = dirname(dirname(import.meta.dirname));
const DRIVERS = 6;
/** For the runs to end once nothing is harmed any more, milliseconds. */
const SETTLE_MS = 180_000;

const { seconds, seed, lease, keep } = readArguments();
const folder = await mkdtemp(join(tmpdir(), 'orchestrator-chaos-'));
// Whoever still drives a run that does not end must not keep the process.
process.exit((await chaos()) ? 0 : 1);

async function chaos(): Promise<boolean> {
  console.log(`Chaos for ${seconds} s with the seed ${seed} in ${folder}`);
  const times: LeaseTimes = {
    lease,
    heartbeat: Math.max(1, Math.floor(lease / 4)),
    sweep: Math.max(1, Math.floor(lease / 4)),
  };
  const cluster = await Cluster.start(root, folder, times);
  let passed = false;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => void cluster.stop().finally(() => process.exit(130)));
  }
  try {
    const report = await disturb(cluster, times);
    passed = report.passed;
    console.log(`\n${formatChaos(report)}`);
    await mkdir(join(root, 'test-results'), { recursive: true });
    await writeFile(join(root, 'test-results/chaos.json'), JSON.stringify(report, null, 2));
  } finally {
    await cluster.stop();
    if (passed && !keep) await rm(folder, { recursive: true, force: true });
    else console.log(`Logs and data are in ${folder}`);
  }
  return passed;
}

async function disturb(cluster: Cluster, times: LeaseTimes): Promise<ChaosReport> {
  const ledger = join(folder, 'ledger.jsonl');
  await writeFile(ledger, '');
  const names = await publish(cluster, ledger);
  const told = nothingTold();
  const over = new AbortController();
  const drivers = Array.from({ length: DRIVERS }, (_, n) => {
    const random: Random = seeded(seed + 100 + n);
    return driveRuns(new Caller(cluster.urls, random), names, random, told, () => over.signal.aborted);
  });
  const mayhem = new Mayhem(cluster, times, [seeded(seed + 1), seeded(seed + 2)]);
  await Promise.race([delay(seconds * 1000), Promise.all(drivers)]);
  await mayhem.heal();
  over.abort();
  const healed = performance.now();
  await Promise.race([Promise.all(drivers), delay(SETTLE_MS, null, { ref: false })]);
  const settledAfter = (performance.now() - healed) / 1000;
  const verdict = await judge(root, cluster, told, ledger, mayhem.done);
  const crashes = cluster.places.flatMap((place) => place.crashes);
  return {
    at: new Date().toISOString(),
    seed,
    seconds,
    leaseSeconds: lease,
    machine: machine(),
    disturbances: countByKind(mayhem.done),
    hits: mayhem.done,
    settledAfter,
    crashes,
    ...verdict,
    passed: passes(verdict, crashes),
  };
}

async function publish(cluster: Cluster, ledger: string): Promise<string[]> {
  const caller = new Caller(cluster.urls, seeded(seed));
  for (const [name, profile] of Object.entries(profiles(ledger))) {
    const { status, body } = await caller.ask('PUT', `/profiles/${name}`, profile);
    if (status !== 201) throw new Error(`Profile ${name} is refused: ${JSON.stringify(body)}`);
  }
  return Object.keys(profiles(ledger));
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      lease: { type: 'string', default: '6' },
      keep: { type: 'boolean', default: false },
    },
  });
  const whole = (name: string, text: string, low: number, high: number): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new Error(`--${name} takes a whole number from ${low} to ${high}, not "${text}"`);
  };
  return {
    seconds: whole('seconds', values.seconds, 1, 7200),
    seed: whole('seed', values.seed, 0, 2 ** 31),
    lease: whole('lease', values.lease, 4, 600),
    keep: values.keep,
  };
}
