import type { Command } from 'commander';
import { EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';

/** `audit`. */
export function addAuditCommands(program: Command, cli: Cli): void {
  const audit = program.command('audit').summary('the list of what was done by whom');
  audit
    .command('verify')
    .summary('check that the list is as it was written; exit code 1 where it is not')
    .action(() => verify(cli));
}

async function verify(cli: Cli): Promise<void> {
  const found = await (await cli.connect()).call('verifyAudit', {});
  cli.exitCode = found.intact ? EXIT.completed : EXIT.other;
  if (cli.json) cli.out.json(found);
  else if (found.intact)
    cli.out.line(`${found.entries} entries, intact. Last hash: ${found.head ?? 'none'}.`);
  else cli.out.line(`Entry ${String(found.broken_at)} does not fit the ${found.entries} entries before it.`);
}
