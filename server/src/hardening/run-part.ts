import type { StepEnvironment } from '../config/step-environment.js';
import { design } from './design/design.js';
import { audit, hygiene, inventory, secrets } from './discovery/discovery.js';
import { documentation } from './document/document.js';
import { Git } from './git.js';
import { implementation } from './implementation/implementation.js';
import type { Part } from './phase.js';
import { StepExchange } from './step-exchange.js';
import { test } from './test/test.js';

/** The parts by the name they have on the command line. `discovery` is its four parts one after the other. */
export const PARTS: Readonly<Record<string, readonly Part[]>> = {
  discovery: [inventory, secrets, audit, hygiene],
  inventory: [inventory],
  secrets: [secrets],
  audit: [audit],
  hygiene: [hygiene],
  design: [design],
  implementation: [implementation],
  test: [test],
  document: [documentation],
};

/**
 * Runs a part in the work tree `root`.
 * @throws Error where the part is unknown, the folder is no work tree, or this is not a step of a run
 */
export async function runPart(name: string, root: string, environment: StepEnvironment): Promise<void> {
  const parts = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (parts === undefined)
    throw new Error(`unknown part "${name}"; known are ${Object.keys(PARTS).join(', ')}`);
  const exchange = await StepExchange.open(environment);
  const context = { git: new Git(root, environment.variables), exchange, variables: environment.variables };
  for (const part of parts) await part(context);
}
