import type { Command } from 'commander';
import type { Cli } from '../cli.js';

/** `mcp`. */
export function addMcpCommand(program: Command, cli: Cli): void {
  program
    .command('mcp')
    .summary('serve the Model Context Protocol on standard input and output')
    .description(
      'For programs that start their servers themselves, such as coding agents: the tools and resources of /mcp, with the ' +
        'rights of whoever is signed in here. Ends when its input does.',
    )
    .action(() => serve(cli, program.version() ?? ''));
}

async function serve(cli: Cli, version: string): Promise<void> {
  const api = await cli.connect();
  // Loaded when they are needed: every other command starts without them.
  const [{ StdioServerTransport }, { buildMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/stdio.js'),
    import('../../mcp/mcp-server.js'),
  ]);
  await buildMcpServer(api, version).connect(new StdioServerTransport());
}
