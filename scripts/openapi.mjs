// `npm run openapi`: writes docs/openapi.json from the built server, and the clients and docs/api.md from it; `--check` finds drift.
import { cliClient } from './cli-client.mjs';
import { buildServer, run } from './tree.mjs';

const option = process.argv[2] === '--check' ? ['--check'] : [];
// Alone: the console may not compile before its client is written.
await buildServer();
let code = run('node', ['dist/server/openapi.js', 'docs/openapi.json', ...option]);
if (option.length === 0) code ||= run('ng-openapi-gen', ['--config', 'ng-openapi-gen.json']);
code ||= await cliClient({ check: option.length > 0 });
code ||= run('node', ['scripts/api-docs.mjs', ...option]);
process.exit(code);
