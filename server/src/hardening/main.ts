import { readStepEnvironment } from '../config/step-environment.js';
import { runPart } from './run-part.js';
import { endAllProcesses } from './run-process.js';
import { redact } from './secrets.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(SIGNALS)) {
  process.once(signal, () => {
    endAllProcesses();
    process.exit(code);
  });
}

try {
  await runPart(process.argv[2] ?? '', process.cwd(), readStepEnvironment());
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`orchestrator-harden: ${await redact('message.txt', message)}\n`);
  process.exitCode = 1;
}
