import { Controller, Delete, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InnerCalls } from '../audit/inner-calls.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { refused } from '../auth/credentials.js';
import { Unlimited } from '../auth/unlimited.decorator.js';
import { ApiClient } from '../cli/api/api-client.js';
import { DomainError } from '../problems/domain-error.js';
import { productVersion } from '../product-version.js';

/**
 * The Model Context Protocol over Streamable HTTP, without sessions, so that any process answers any request. Each tool
 * calls its REST operation with the caller's own credential: permissions, scopes and limits are the operation's.
 */
@ApiExcludeController()
@Controller('mcp')
export class McpController {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly inner: InnerCalls,
  ) {}

  /** The operations that a message leads to are counted, not the message. */
  @Post()
  @HttpCode(HttpStatus.OK)
  @Unlimited()
  @Authenticated('signed_in')
  async receive(@Req() request: Request, @Res() response: Response): Promise<void> {
    const credential = credentialOf(request);
    const [{ buildMcpServer }, { StreamableHTTPServerTransport }] = await protocol();
    const api = new ApiClient(this.address(), credential, this.inner.begin(request, response));
    const server = buildMcpServer(api, await productVersion());
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  }

  @Get()
  @Authenticated('signed_in')
  listen(): never {
    throw onlyPost();
  }

  @Delete()
  @Authenticated('signed_in')
  end(): never {
    throw onlyPost();
  }

  /** Where this process listens. */
  private address(): string {
    const { address, port } = (this.adapter.httpAdapter.getHttpServer() as Server).address() as AddressInfo;
    if (address === '::') return `http://[::1]:${port}`;
    if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
    return address.includes(':') ? `http://[${address}]:${port}` : `http://${address}:${port}`;
  }
}

/** Loaded with the first message: most servers never get one. */
const protocol = () =>
  Promise.all([import('./mcp-server.js'), import('@modelcontextprotocol/sdk/server/streamableHttp.js')]);

/** @throws DomainError 401: the console's cookie and a proxy's headers do not count here, so that no page and no proxy can act as a model */
function credentialOf(request: Request): string {
  const bearer = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const credential = bearer ?? request.get('x-api-key');
  if (credential === undefined) throw refused('Authentication here is by a Bearer token or an API key');
  return credential;
}

const onlyPost = (): DomainError =>
  new DomainError(
    405,
    'method_not_allowed',
    'Send messages of the protocol by POST; there are no sessions to listen to or to end.',
    {
      headers: { Allow: 'POST' },
    },
  );
