import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { defineConfig } from '@playwright/test';

const SYSTEM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const chromium = env['CHROMIUM_PATH'] ?? SYSTEM.find((path) => existsSync(path)) ?? null;

/** Browser journeys on the built server and console; each file starts a server with an empty data folder. */
export default defineConfig({
  // `npm run bench:console` measures and is no test.
  ...(env['CONSOLE_BENCH'] === 'true'
    ? { testDir: 'e2e/console/bench' }
    : { testDir: 'e2e/console', testIgnore: '**/bench/**' }),
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  retries: 0,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    // Whoever looks into a failure runs its test again with `--trace on`; recording all takes longer than the tests.
    trace: 'off',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(chromium === null ? {} : { executablePath: chromium }),
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
