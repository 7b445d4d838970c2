// `npm start`: installs what is missing, builds what changed, and runs the orchestrator until Ctrl-C.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, environment, fail, install, requireNode, root } from './tree.mjs';

const RESTART_MS = 1000;
const POLL_MS = 500;
const HELP = `Usage: npm start -- [--port N] [--workers N]

  --port N      listen on this port (default: PORT, else 8000)
  --workers N   run N worker processes beside the server (default: 0; the server itself runs steps too)

Settings are environment variables, also read from the file .env; see .env.example.`;

const { port, workers } = readArguments();
install();
await requireNode();
await build();
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));

let stopping = false;
const helpers = new Set();
const server = startProcess(port === null ? {} : { PORT: String(port) });
server.on('exit', (code) => void end(code ?? 1));
for (let number = 0; number < workers; number += 1) startWorker();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
watchNpm();

/** Everything runs in sessions of its own, so that Ctrl-C reaches this script alone, which stops things in order. */
function startProcess(variables) {
  return spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'dist/server/main.js'), '--end-with-parent'],
    {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: environment(variables),
    },
  );
}

function startWorker() {
  const worker = startProcess({ ROLE: 'worker', HEALTH_PORT: '' });
  helpers.add(worker);
  worker.on('exit', (code) => {
    helpers.delete(worker);
    if (stopping) return;
    console.error(`A worker ended (${code ?? 'by a signal'}); starting another.`);
    setTimeout(() => stopping || startWorker(), RESTART_MS);
  });
}

/** Workers first: they hand back what they hold while the server and its database are still there. */
async function stop() {
  if (stopping) return;
  stopping = true;
  await endWorkers();
  if (server.exitCode === null) server.kill('SIGTERM');
}

async function endWorkers() {
  await Promise.all(
    [...helpers].map(
      (worker) =>
        new Promise((resolve) => {
          worker.once('exit', resolve);
          worker.kill('SIGTERM');
        }),
    ),
  );
}

async function end(code) {
  stopping = true;
  await endWorkers();
  process.exit(code);
}

/** npm does not pass on a signal that was sent to it alone: this script then sees its parents go. */
function watchNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parents = parentChain();
  setInterval(() => {
    if (parentChain() !== parents) void stop();
  }, POLL_MS).unref();
}

/** Between npm and this script there may be a shell: both its id and its parent's count. */
function parentChain() {
  try {
    const fields = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${process.ppid} ${fields[1]}`;
  } catch {
    // No /proc on this system, or the parent ended this moment.
    return String(process.ppid);
  }
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, workers: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return {
      port: number('--port', values.port, 65535, null),
      workers: number('--workers', values.workers, 64, 0),
    };
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
}

function number(name, text, most, otherwise) {
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`${name} takes a whole number up to ${most}, not "${text}".`);
}
