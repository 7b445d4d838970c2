import { StartupError } from '../problems/startup-error.js';

const OLDEST = 24;

/**
 * An older Node starts the program and fails in the middle of the first step.
 * @throws StartupError for a version like `20.20.2`
 */
export function requireRecentNode(version: string): void {
  if (Number.parseInt(version, 10) >= OLDEST) return;
  throw new StartupError(
    `Node ${String(OLDEST)} or newer is needed, and this is ${version}. Start with "npm start", which finds the right one.`,
  );
}
