import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../api/cli-error.js';

/** The sign-in that the config file holds. */
export interface SignIn {
  /** Without a slash at the end. The credential goes to this server and to no other. */
  readonly server: string;
  /** An API key or an access token. */
  readonly credential: string;
  /** The API key that `login` made and `logout` revokes; null for one that was given. */
  readonly apiKeyId: string | null;
}

/** Reads the stored sign-in; null where there is none. @throws CliError where the file is not one of ours */
export async function readSignIn(file: string): Promise<SignIn | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw new CliError(`${file} cannot be read (${codeOf(error)}).`);
  });
  if (text === null) return null;
  const signIn = parse(text);
  if (signIn === null)
    throw new CliError(`${file} is not readable as a sign-in: run \`orchestrator login\` again.`);
  return signIn;
}

/** Stores the sign-in so that only its user can read it. */
export async function writeSignIn(file: string, signIn: SignIn): Promise<void> {
  const { server, credential, apiKeyId } = signIn;
  const text = `${JSON.stringify({ server, credential, api_key_id: apiKeyId }, null, 2)}\n`;
  const draft = `${file}.${String(process.pid)}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(text).finally(() => handle.close());
    await rename(draft, file);
  } catch (error) {
    // What could not be made need not be removed.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new CliError(`${file} cannot be written (${codeOf(error)}).`);
  }
}

/** Removes the stored sign-in. */
export async function removeSignIn(file: string): Promise<void> {
  await rm(file, { force: true });
}

function parse(text: string): SignIn | null {
  try {
    const value = JSON.parse(text) as Partial<Record<string, unknown>> | null;
    const { server, credential, api_key_id: apiKeyId = null } = value ?? {};
    if (typeof server !== 'string' || typeof credential !== 'string') return null;
    return { server, credential, apiKeyId: typeof apiKeyId === 'string' ? apiKeyId : null };
  } catch {
    // Cut off or edited by hand.
    return null;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
