// What the scripts know about the working tree. Plain Node without dependencies: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [24, 15];
const ownNode = join(root, 'node_modules', '.bin', 'node');

/** Ends the script with a sentence. */
export function fail(sentence) {
  console.error(`\n${sentence}\n`);
  process.exit(1);
}

/** Runs a command in the tree with its programs first on the PATH; returns its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
    ...options,
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** Runs a command as `run` does while others run; resolves to its exit code and to what it printed. */
export function runAside(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment({ FORCE_COLOR: process.stdout.isTTY ? '1' : '0' }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: 1, output: `${command}: ${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

export function environment(extra = {}) {
  return {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`,
    ...extra,
  };
}

/** Installs the dependencies where those that are there are not those of the lock file. */
export function install() {
  if (isInstalled()) return;
  console.log('Installing dependencies …');
  const code = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) fail('The dependencies could not be installed: see the messages of npm above.');
}

/** npm notes what it has installed as the last act of an installation. */
function isInstalled() {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return wanted.every(
    // What is optional may rightly be absent on this machine.
    ([path, { version, optional }]) =>
      path === '' || (optional && !installed[path]) || installed[path]?.version === version,
  );
}

/** Runs the script again on the tree's own Node where the present one is too old; returns where it is not. */
export function requireNode() {
  if (isRecent(process.versions.node)) return;
  const found = existsSync(ownNode) && spawnSync(ownNode, ['--version'], { encoding: 'utf8' });
  if (!found || !isRecent((found.stdout ?? '').slice(1))) {
    fail(
      `Node ${MINIMUM_NODE.join('.')} or newer is needed; this is ${process.versions.node}, and npm has none for this machine.`,
    );
  }
  const child = spawn(ownNode, process.argv.slice(1), { stdio: 'inherit', env: environment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
  return new Promise(() => {});
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}

/** Builds what is older than its sources. */
export async function build() {
  await Promise.all([buildServer(), buildPart('console', ['web', 'angular.json'], 'ng', ['build'])]);
}

export const buildServer = () =>
  buildPart(
    'server',
    ['server/src', 'server/tsconfig.json', 'server/tsconfig.build.json', 'nest-cli.json'],
    'nest',
    ['build'],
  );

async function buildPart(name, sources, command, args) {
  const mark = join(root, 'dist', `.built-${name}`);
  const inputs = [...sources, 'package-lock.json']
    .map((path) => join(root, path))
    .filter((path) => existsSync(path));
  if (existsSync(mark) && Math.max(...inputs.map(newest)) <= statSync(mark).mtimeMs) return;
  const begun = new Date();
  console.log(`Building the ${name} …`);
  const { code, output } = await runAside(command, args);
  if (code !== 0) fail(`${output}\nThe ${name} could not be built: see the messages above.`);
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, '');
  // The time of the beginning: what changes during a build is newer than it.
  utimesSync(mark, begun, begun);
}

/** Time of the last change in a file or folder; removed files change the time of their folder. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce((latest, entry) => Math.max(latest, newest(join(path, entry))), mtimeMs);
}
