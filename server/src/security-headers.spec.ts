import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { securityHeaders } from './security-headers.js';

describe('the security headers', () => {
  let server: Server;
  afterEach(() => {
    server.close();
  });

  const headersAt = async (publicUrl: string | null): Promise<Headers> => {
    const app = express().use(securityHeaders({ publicUrl }));
    server = app.get('/', (_request, response) => void response.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${String(port)}/`)).headers;
  };

  it('demand TLS from then on, where the public address has it', async () => {
    const headers = await headersAt('https://orchestrator.example.org');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/u);
    expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });

  it.each([null, 'http://orchestrator.example.org:8000'])('demand no TLS at %s', async (publicUrl) => {
    const headers = await headersAt(publicUrl);
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});
