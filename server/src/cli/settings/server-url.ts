import { CliError } from '../api/cli-error.js';

/** Where a server is that nobody named: the default port on this machine. */
export const DEFAULT_SERVER = 'http://127.0.0.1:8000';

/** The URL of a server in one form, so that two spellings are compared as one. @throws CliError where it is none */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new CliError(`"${text}" is not the URL of a server: write it as http://127.0.0.1:8000.`);
  }
  return (url.origin + url.pathname).replace(/\/+$/u, '');
}

/** Whether what is sent there can be read on the way. */
export function isExposed(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/u.test(hostname);
}
