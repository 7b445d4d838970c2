// Finds a Chromium for the browser tests: the system's, else Playwright's download, else Debian's package.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, run } from './tree.mjs';

/** The shell without windows comes first: the same engine at four fifths of the processor time. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
];

/** Path of a Chromium, or `null` for the one that Playwright finds by itself. */
export function findChromium() {
  const found = process.env.CHROMIUM_PATH || systemChromium();
  if (found) return report(found);
  console.log('No Chromium is installed; trying the download of Playwright …');
  if (run('playwright', ['install', 'chromium'], { timeout: 180_000 }) === 0 && playwrightWorks())
    return report(null);
  console.log('The download did not succeed; trying the package of Debian …');
  installPackage();
  const installed = systemChromium();
  if (installed) return report(installed);
  return fail(
    'The browser tests need Chromium. Install it (for example `apt-get install chromium`), or set CHROMIUM_PATH to one.',
  );
}

function systemChromium() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) if (isProgram(join(folder, name))) return join(folder, name);
  }
  return null;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    // A stub that only says how to install the real one is no browser.
    return spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
  } catch {
    return false;
  }
}

/** A downloaded browser may still lack libraries of the system. */
function playwrightWorks() {
  const script =
    "const { chromium } = await import('@playwright/test'); const b = await chromium.launch({ args: ['--no-sandbox'] }); await b.close();";
  return run('node', ['--input-type=module', '-e', script], { stdio: 'ignore', timeout: 60_000 }) === 0;
}

function installPackage() {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  run(apt[0], [...apt.slice(1), 'update', '-qq']);
  const install = (name) =>
    run(apt[0], [...apt.slice(1), 'install', '-y', '-qq', '--no-install-recommends', name]) === 0;
  if (!install('chromium-headless-shell')) install('chromium');
}

function report(path) {
  console.log(`Chromium: ${path ?? "Playwright's own"}`);
  return path;
}
