import { Command } from 'commander';
import type { ClientEnvironment } from '../config/client-environment.js';
import { Cli, type GlobalOptions } from './cli.js';
import { addAuditCommands } from './commands/audit.js';
import { addBudgetsCommands } from './commands/budgets.js';
import { addCompletionCommands } from './commands/completion.js';
import { addCostsCommand } from './commands/costs.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addAccountCommands } from './commands/login.js';
import { addMcpCommand } from './commands/mcp.js';
import { addProfileCommands } from './commands/profiles.js';
import { addArtifactsCommand } from './commands/run-artifacts.js';
import { addControlCommands } from './commands/run-control.js';
import { addCreateCommands } from './commands/run-create.js';
import { addDecisionCommands } from './commands/run-decide.js';
import { addListCommand } from './commands/run-list.js';
import { addLogsCommand } from './commands/run-logs.js';
import { addMetricsCommand } from './commands/run-metrics.js';
import { addNextCommand } from './commands/run-next.js';
import { addRetryCommand } from './commands/run-retry.js';
import { addShowCommand } from './commands/run-show.js';
import { addWatchCommand } from './commands/run-watch.js';
import { addProvidersCommands } from './commands/providers.js';
import { addSecretsCommands } from './commands/secrets.js';
import { addWebhooksCommands } from './commands/webhooks.js';
import { addWorkerCommand } from './commands/worker.js';
import { Output } from './output/output.js';

const DESCRIPTION = 'Creates, advances and watches runs of an orchestrator server, and works for it.';

/** Every command, each with its place in the help; those about runs are found as `run …` and by themselves. */
export function buildProgram(
  environment: ClientEnvironment,
  version: string,
): { program: Command; cli: Cli } {
  const program = new Command('orchestrator')
    .description(DESCRIPTION)
    .version(version, '--version', 'print the version')
    .option('--server <url>', 'URL of the server; ORCHESTRATOR_SERVER, or the one signed in to, where absent')
    .option('--json', 'print JSON for scripts')
    .showHelpAfterError('(--help tells more)');
  const cli = new Cli(new Output(process.stdout, process.stderr), environment, () =>
    program.opts<GlobalOptions>(),
  );
  program.commandsGroup('Account:');
  addAccountCommands(program, cli);
  program.commandsGroup('Runs (also as "orchestrator run …"):');
  addRunCommands(program, cli);
  const run = program.command('run').summary('the same commands by their full name');
  addRunCommands(run, cli);
  program.commandsGroup('Definitions:');
  addProfileCommands(program, cli);
  addProvidersCommands(program, cli);
  addSecretsCommands(program, cli);
  addWebhooksCommands(program, cli);
  addCostsCommand(program, cli);
  addBudgetsCommands(program, cli);
  addAuditCommands(program, cli);
  program.commandsGroup('This machine:');
  addWorkerCommand(program, cli);
  addMcpCommand(program, cli);
  addDoctorCommand(program, cli);
  addCompletionCommands(program, cli);
  return { program, cli };
}

function addRunCommands(parent: Command, cli: Cli): void {
  addCreateCommands(parent, cli);
  addListCommand(parent, cli);
  addShowCommand(parent, cli);
  addNextCommand(parent, cli);
  addWatchCommand(parent, cli);
  addLogsCommand(parent, cli);
  addArtifactsCommand(parent, cli);
  addMetricsCommand(parent, cli);
  addControlCommands(parent, cli);
  addRetryCommand(parent, cli);
  addDecisionCommands(parent, cli);
}
