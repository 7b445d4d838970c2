import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const portFile = (dataDir: string): string => join(dataDir, 'postgres.port');

/**
 * The loopback port of the data folder's server: the one that it had before, so that the workers of other processes
 * find it again after a restart; another free one where that is taken meanwhile, and the first time.
 */
export async function postgresPort(dataDir: string): Promise<number> {
  const before = Number(await readFile(portFile(dataDir), 'utf8').catch(() => ''));
  const wanted = Number.isInteger(before) && before > 1023 && before < 65_536 ? before : 0;
  const port = (await probe(wanted).catch(() => null)) ?? (await probe(0));
  await writeFile(portFile(dataDir), String(port), { mode: 0o600 });
  return port;
}

/** @param port 0: any that is free. @throws where it is taken */
async function probe(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const found = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return found;
}
