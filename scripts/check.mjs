// `npm run check`: everything that must hold besides the tests; the same checks as in continuous integration.
import { install, requireNode, run } from './tree.mjs';

install();
await requireNode();

const checks = [
  ['types of the server', 'tsc', ['-p', 'server/tsconfig.json', '--noEmit']],
  ['types of the console', 'ngc', ['-p', 'web/tsconfig.app.json', '--noEmit']],
  ['lint', 'eslint', ['.', '--max-warnings=0']],
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
for (const [name, command, args] of checks) {
  console.log(`\n── ${name}`);
  const code = run(command, args);
  console.log(code === 0 ? `ok: ${name}` : `FAILED: ${name}`);
  if (code !== 0) failed.push(name);
}
console.log('');
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
