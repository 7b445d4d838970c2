// `npm run check`: everything that must hold besides the tests; the same checks as in continuous integration.
import { availableParallelism } from 'node:os';
import { build, install, requireNode, runAside } from './tree.mjs';

install();
await requireNode();
// Checks the types of server and console on the way, templates included.
await build();

const checks = [
  ['lint', 'eslint', ['.', '--max-warnings=0']],
  ['types of the server and its tests', 'tsc', ['-p', 'server/tsconfig.json', '--noEmit']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  ['unused code and dependencies', 'knip', []],
  ['OpenAPI document', 'node', ['scripts/openapi.mjs', '--check']],
  [
    'entities and migrations',
    'npm',
    ['run', '--silent', 'test:server', '--', 'server/test/persistence/schema-drift'],
  ],
];

const failed = [];
const waiting = [...checks];
// Each takes one processor: as many at a time as there are.
await Promise.all(Array.from({ length: availableParallelism() }, lane));
console.log('');
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);

async function lane() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, command, args] = next;
    const { code, output } = await runAside(command, args);
    console.log(`\n── ${name}\n${output}${code === 0 ? 'ok' : 'FAILED'}: ${name}`);
    if (code !== 0) failed.push(name);
  }
}
