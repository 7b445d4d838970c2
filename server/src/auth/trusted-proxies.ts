import { BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../config/app-config.js';

const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The reverse proxies whose word about a request is taken (TRUSTED_PROXIES: addresses or CIDR ranges). */
@Injectable()
export class TrustedProxies {
  private readonly list = new BlockList();

  constructor(config: AppConfig) {
    for (const range of config.trustedProxies) this.add(range);
  }

  /** Judges the address of the socket itself, which no header can change. */
  sent(request: Request): boolean {
    return this.includes(request.socket.remoteAddress ?? '');
  }

  private includes(address: string): boolean {
    const plain = withoutMapping(address);
    const version = isIP(plain);
    return version !== 0 && this.list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  }

  private add(range: string): void {
    const [address = '', prefix] = range.split('/');
    const type = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) this.list.addAddress(address, type);
    else this.list.addSubnet(address, Number(prefix), type);
  }
}
