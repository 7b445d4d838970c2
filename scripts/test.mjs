// `npm test`: every test, from a fresh clone. The last line counts what the runners reported.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { groupedTests, removeGroups, writeGroups } from './spec-groups.mjs';
import { build, environment, install, requireNode, root, run } from './tree.mjs';

install();
await requireNode();
await build();
const chromium = findChromium();

const results = join(root, 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const file = (name) => join(results, `${name}.json`);

/** Counting what is executed takes half as long again. */
const coverage = process.argv.includes('--coverage') ? ['--coverage'] : [];

const suites = [
  {
    name: 'server',
    command: [
      'npm',
      'run',
      '--silent',
      'test:server',
      '--',
      ...coverage,
      '--testMatch',
      ...groupedTests,
      '--json',
      `--outputFile=${file('server')}`,
    ],
    count: ({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) => [
      numPassedTests,
      numFailedTests + numRuntimeErrorTestSuites,
    ],
  },
  {
    name: 'console',
    command: [
      'ng',
      'test',
      '--watch=false',
      ...coverage,
      '--reporters=default',
      '--reporters=json',
      `--output-file=${file('console')}`,
    ],
    count: ({ numPassedTests, numFailedTests }) => [numPassedTests, numFailedTests],
  },
  {
    name: 'browser',
    command: ['playwright', 'test', '--reporter=list,json'],
    variables: {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file('browser'),
      ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
    },
    count: ({ stats, errors }) => [stats.expected + stats.flaky, stats.unexpected + errors.length],
  },
];

writeGroups();
const rows = suites.map(runSuite);
removeGroups();
const passed = rows.reduce((sum, row) => sum + row.passed, 0);
const failed = rows.reduce((sum, row) => sum + row.failed, 0);
console.log('');
for (const row of rows) console.log(`${row.name.padEnd(10)} ${row.passed} passed, ${row.failed} failed`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one suite; a runner that ends badly without a failed test counts as one failure, never as none. */
function runSuite({ name, command: [program, ...args], variables = {}, count }) {
  console.log(`\n── ${name} tests`);
  const code = run(program, args, { env: environment(variables) });
  const [passed, failed] = countsOf(name, count);
  return { name, passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

function countsOf(name, count) {
  try {
    return count(JSON.parse(readFileSync(file(name), 'utf8')));
  } catch (error) {
    console.error(`The ${name} tests left no result: ${error.message}`);
    return [0, 1];
  }
}
