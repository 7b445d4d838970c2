// `npm run fuzz`: requests made from the OpenAPI document, more than the tests make. FUZZ_SEED repeats a run.
import { environment, install, requireNode, run } from './tree.mjs';

install();
await requireNode();
const env = environment({
  FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? '20000',
  FUZZ_SEED: process.env.FUZZ_SEED ?? String(Date.now() % 2 ** 31),
});
process.exit(run('npm', ['run', '--silent', 'test:server', '--', 'server/test/fuzz'], { env }));
