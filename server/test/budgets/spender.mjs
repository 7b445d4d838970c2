// A worker process of the built server that holds one step of each run and makes calls until it is killed: it says
// `reserved <id>` and `settled <id>` for each. It settles two of three calls, and never ends by itself.
import { NestFactory } from '@nestjs/core';
import { ModelAccount } from '../../../dist/server/agents/model-account.js';
import { AppModule } from '../../../dist/server/app.module.js';
import { AppConfig } from '../../../dist/server/config/app-config.js';
import { readEnvironment } from '../../../dist/server/config/read-environment.js';
import { StepClaims } from '../../../dist/server/execution/step-claims.js';

const [url, folder, provider, model, ...steps] = process.argv.slice(2);
const values = readEnvironment(
  { DATA_DIR: folder, DATABASE_URL: url, LOG_LEVEL: 'silent', ROLE: 'api' },
  folder,
);
const config = new AppConfig({ ...values, secretKey: 'a-secret-key-that-only-the-tests-know' });
const context = await NestFactory.createApplicationContext(AppModule.of(config), { logger: false });
const account = context.get(ModelAccount, { strict: false });
const claims = context.get(StepClaims, { strict: false });
const tell = (line) => process.stdout.write(`${line}\n`);

async function spend(step) {
  const [runId, stepId] = step.split(':');
  const claimed = await claims.claimWaiting(runId, stepId, `spender-${process.pid}`);
  if (claimed.kind !== 'claimed') throw new Error(`Step ${step} is not to be had`);
  const { phaseAttemptId, phase, definition } = claimed.claim;
  const place = { runId, phaseAttemptId, phase, step: definition.id, agentId: 'thinker' };
  for (let calls = 1; ; calls += 1) {
    const worstCase = { inputTokens: 200 + calls, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const grant = await account.reserve({ place: { ...place, at: new Date() }, provider, model, worstCase });
    if (grant.kind === 'refused') return;
    tell(`reserved ${grant.callId}`);
    if (calls % 3 === 0) continue;
    await account.settle(grant.callId, { ...worstCase, outputTokens: 30 });
    tell(`settled ${grant.callId}`);
  }
}

await Promise.all(steps.map(spend));
tell('refused');
setInterval(() => undefined, 60_000);
