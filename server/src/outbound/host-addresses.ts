import { lookup } from 'node:dns/promises';
import { isPublicAddress } from './public-address.js';

/** What a host's name leads to: `unknown` where it leads nowhere, `private` where any address of it is not public. */
export type HostAddresses =
  | { readonly kind: 'found'; readonly addresses: readonly string[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'private' };

/**
 * Resolves and judges a host for a program that connects by itself; it must be told to use these addresses and no
 * others. @param host a name or an address, IPv6 without brackets
 */
export async function hostAddresses(host: string, allowPrivate: boolean): Promise<HostAddresses> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  if (addresses.length === 0) return { kind: 'unknown' };
  if (!allowPrivate && !addresses.every(isPublicAddress)) return { kind: 'private' };
  return { kind: 'found', addresses };
}
