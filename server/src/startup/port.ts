import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartupError } from '../problems/startup-error.js';

/**
 * Makes sure, before anything is started, that the port can be listened on.
 * @throws StartupError that names the variable to change.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw explain(error, host, port);
  }
  probe.close();
  await once(probe, 'close');
}

function explain(error: unknown, host: string, port: number): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new StartupError(
        `Port ${String(port)} on ${host} is taken by another program. Stop it, or set PORT to another port.`,
      );
    case 'EACCES':
      return new StartupError(
        `This user may not listen on port ${String(port)}. Set PORT to one above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(`${host} is no address of this machine. Set HOST to one that is.`);
    default:
      return new StartupError(`Cannot listen on port ${String(port)} of ${host}: ${message}`);
  }
}
