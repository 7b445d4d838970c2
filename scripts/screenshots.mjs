// `node scripts/screenshots.mjs [repository]`: makes the pictures of docs/images from real runs on the built server.
// A repository is hardened (this one, without tests and audit, where none is given); another profile does a build of
// some seconds with steps beside each other, so that there is a time line to see; others make the list worth a look.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { findChromium } from './chromium.mjs';
import { root } from './tree.mjs';

const EMAIL = 'ada@example.org';
const PASSWORD = 'correct horse battery staple';
const PATIENCE_MS = 20 * 60_000;
const IMAGES = join(root, 'docs/images');
const SIZE = { width: 1440, height: 900 };

/** A build as many have it. What its commands do is this script's; that they ran, and how long, is not. */
const DELIVERY = `apiVersion: orchestrator/v1
name: delivery
title: Delivery
description: Prepares, builds, checks and packs a service.
repository: none
phases:
  - name: prepare
    title: Prepare
    steps:
      - { id: fetch, agent: builder, command: 'echo fetching; sleep 2' }
      - { id: tools, agent: builder, command: 'echo installing; sleep 3' }
  - name: build
    title: Build
    steps:
      - { id: generate, agent: builder, command: 'sleep 1' }
      - { id: compile, agent: builder, needs: [generate], command: 'for i in $(seq 1 40); do echo "compiled module $i"; sleep 0.1; done' }
      - { id: assets, agent: designer, needs: [generate], command: 'sleep 3' }
      - id: report
        agent: builder
        needs: [compile, assets]
        command: |
          printf '# Build\\n\\nAll **40** modules compiled.\\n' > "$ORCHESTRATOR_ARTIFACTS/build.md"
    gates:
      - { id: report_present, artifact: build.md, min_size: 10, remedy: Write the report. }
  - name: check
    title: Check
    steps:
      - id: unit
        agent: qa
        command: |
          sleep 4
          echo '{"metric":{"name":"tests.pass_rate","value":1}}' >> "$ORCHESTRATOR_OUTPUT"
      - { id: contract, agent: qa, command: 'sleep 2' }
      - { id: style, agent: qa, command: 'sleep 1' }
    gates:
      - { id: tests_pass, metric: tests.pass_rate, min: 1, remedy: Fix the failing tests. }
  - name: pack
    title: Pack
    steps:
      - { id: image, agent: packer, command: 'sleep 2; echo packed > "$ORCHESTRATOR_ARTIFACTS/image.txt"' }
      - { id: notes, agent: writer, needs: [image], command: 'sleep 1; echo "# Notes" > "$ORCHESTRATOR_ARTIFACTS/NOTES.md"' }
`;

const given = process.argv[2];
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const project = given === undefined ? 'orchestrator' : basename(resolve(given));
const repository = join(folder, project);
execFileSync('git', ['clone', '--quiet', '--no-hardlinks', resolve(given ?? root), repository]);
const server = startServer();
try {
  await until('the server', async () => (await fetch(`${url}/health/ready`).catch(() => null))?.ok);
  const call = await signIn();
  const runs = await makeRuns(call);
  mkdirSync(IMAGES, { recursive: true });
  for (const theme of ['light', 'dark']) await takePictures(theme, runs);
} finally {
  server.kill('SIGTERM');
  await new Promise((ended) => server.once('exit', ended));
  rmSync(folder, { recursive: true, force: true });
}

function startServer() {
  const env = {
    ...process.env,
    ROLE: 'all',
    DATABASE_URL: '',
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    REPOSITORY_ROOTS: folder,
    ADMIN_EMAIL: EMAIL,
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '10000',
    RATE_LIMIT_BURST: '1000',
  };
  return spawn(process.execPath, [join(root, 'dist/server/main.js'), '--end-with-parent'], {
    env,
    stdio: 'inherit',
  });
}

async function signIn() {
  const send = async (path, headers, body, method = body === undefined ? 'GET' : 'POST') => {
    const text = typeof body === 'string';
    const answer = await fetch(url + path, {
      method,
      headers: { 'Content-Type': text ? 'application/yaml' : 'application/json', ...headers },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { access_token: token } = await send('/auth/login', {}, { email: EMAIL, password: PASSWORD });
  const { key } = await send(
    '/api-keys',
    { Authorization: `Bearer ${token}` },
    { name: 'nightly build', scopes: null },
  );
  return (path, body, method) => send(path, { 'X-API-Key': key }, body, method);
}

/** A run of a build whose tests pass, and one whose gate blocks. */
async function makeBuilds(call) {
  await call('/profiles/delivery', DELIVERY, 'PUT');
  const blocked = DELIVERY.replace('name: delivery', 'name: delivery_strict')
    .replace('title: Delivery', 'title: Delivery, strict')
    .replace('"value":1', '"value":0.92');
  await call('/profiles/delivery_strict', blocked, 'PUT');
  const start = async (profile, project_name) =>
    (await call('/runs', { profile, project_name, intake: 'The release of this week.', auto_advance: true }))
      .run_id;
  const built = await start('delivery', 'checkout');
  await start('delivery_strict', 'search-index');
  await until('the build', async () => (await call(`/runs/${built}`)).status === 'completed');
  return built;
}

/** A hardened repository, and runs that wait for an agent, are paused, and stand at their beginning. */
async function makeRuns(call) {
  const agents = [
    ['web_app', 'storefront', 'A shop for used books: search, basket, payment on delivery.'],
    ['ml_classification', 'churn', 'Which customers leave within a quarter? Data: two years of invoices.'],
    ['data_pipeline', 'weather-feed', 'Hourly weather of 40 stations, cleaned, into one table.'],
  ];
  const ids = [];
  for (const [profile, project_name, intake] of agents) {
    const { run_id } = await call('/runs', {
      profile,
      project_name,
      intake,
      auto_advance: profile !== 'data_pipeline',
    });
    ids.push(run_id);
  }
  await call(`/runs/${ids[1]}/pause`, {});
  // Before the hardening, which takes all of the machine.
  const built = await makeBuilds(call);
  const { run_id: hardened } = await call('/runs', {
    profile: 'self_hardening',
    project_name: project,
    intake: 'Measure the project, mend what is safe to mend, and say what is left.',
    repository: { path: repository },
    parameters: { run_tests: given !== undefined, audit: given !== undefined },
    auto_advance: true,
  });
  await until('the hardening', async () => {
    const { status, failure } = await call(`/runs/${hardened}`);
    if (status === 'failed') throw new Error(failure.message);
    return status === 'completed';
  });
  const { artifacts_by_phase: artifacts } = await call(`/runs/${hardened}/artifacts`);
  const report = artifacts.document.find(({ path }) => path === 'HARDENING.md').artifact_id;
  return { hardened, built, waiting: ids[0], report };
}

async function takePictures(theme, { hardened, built, waiting, report }) {
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  const page = await browser.newPage({ viewport: SIZE, colorScheme: theme, reducedMotion: 'reduce' });
  await page.goto(`${url}/orchestrator/login`);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/runs');
  const pictures = {
    light: [
      ['run-detail', `runs/${hardened}/phases?phase=discovery`],
      ['run-timeline', `runs/${built}/phases?view=timeline`],
      ['run-artifacts', `runs/${hardened}/artifacts?artifact=${report}`],
      ['run-waiting', `runs/${waiting}`],
      ['profile-edit', 'profiles/delivery/edit'],
    ],
    dark: [
      ['run-detail', `runs/${hardened}/phases?phase=discovery`],
      ['run-timeline', `runs/${built}/phases?view=timeline`],
      ['run-list', 'runs'],
      ['profile', 'profiles/web_app'],
      ['run-metrics', `runs/${hardened}/metrics`],
    ],
  };
  for (const [name, address] of pictures[theme]) {
    await page.goto(`${url}/orchestrator/${address}`);
    await page.locator('h1').first().waitFor();
    // Streams stay open, so the network never falls silent: charts and previews get a moment instead.
    await pause(2500);
    if ((await page.locator('o-loading').count()) > 0) throw new Error(`${address} is still loading`);
    await page.screenshot({ path: join(IMAGES, `${name}-${theme}.png`) });
  }
  await browser.close();
}

async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await pause(250);
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port: free } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return free;
}
