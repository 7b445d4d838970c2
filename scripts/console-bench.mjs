// `npm run bench:console`: builds what changed and measures the console beside its budgets: bundles, paint, interaction,
// a log of 100,000 lines, memory.
import { join } from 'node:path';
import { build, environment, install, requireNode, root, run } from './tree.mjs';

install();
await requireNode();
await build();
const playwright = join(root, 'node_modules/@playwright/test/cli.js');
process.exit(run(process.execPath, [playwright, 'test'], { env: environment({ CONSOLE_BENCH: 'true' }) }));
