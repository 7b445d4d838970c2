// `npm run openapi`: writes docs/openapi.json from the built server and the console's client from it; `--check` finds drift.
import { run } from './tree.mjs';

const option = process.argv[2] === '--check' ? ['--check'] : [];
let code = run('nest', ['build']);
code ||= run('node', ['dist/server/openapi.js', 'docs/openapi.json', ...option]);
if (option.length === 0) code ||= run('ng-openapi-gen', ['--config', 'ng-openapi-gen.json']);
process.exit(code);
