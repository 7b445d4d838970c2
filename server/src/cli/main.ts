#!/usr/bin/env node
import { readClientEnvironment } from '../config/client-environment.js';
import { productVersion } from '../product-version.js';
import { ApiProblem, CliError, EXIT, type ExitCode } from './api/cli-error.js';
import type { Cli } from './cli.js';
import { plain } from './output/printable.js';
import { buildProgram } from './program.js';

async function main(): Promise<ExitCode> {
  const { program, cli } = buildProgram(readClientEnvironment(), await productVersion());
  try {
    await program.parseAsync(process.argv);
    return cli.exitCode;
  } catch (error) {
    // A bug keeps its stack: it is for those who mend it.
    if (!(error instanceof CliError)) throw error;
    report(cli, error);
    return error.exitCode;
  }
}

function report(cli: Cli, error: CliError): void {
  if (error instanceof ApiProblem && cli.json) {
    cli.out.remark(JSON.stringify(error.problem));
    return;
  }
  cli.out.remark(plain(error.message));
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  for (const { pointer, message } of errors) cli.out.remark(`  ${plain(pointer)}: ${plain(message)}`);
}

// A reader that has seen enough, such as `head`, closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.completed : EXIT.other);
});
process.exitCode = await main();
