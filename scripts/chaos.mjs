// `npm run chaos`: builds what changed and lets the harness of e2e/chaos kill processes at random.
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './tree.mjs';

install();
await requireNode();
await build();
process.exit(run(process.execPath, [join(root, 'e2e/chaos/main.ts'), ...process.argv.slice(2)]));
