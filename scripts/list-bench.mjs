// `npm run bench:list`: builds what changed and measures the list of runs at a thousand to a million runs.
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './tree.mjs';

install();
await requireNode();
await build();
process.exit(run(process.execPath, [join(root, 'e2e/load/list-bench.ts'), ...process.argv.slice(2)]));
