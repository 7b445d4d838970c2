import type { ClientEnvironment } from '../config/client-environment.js';
import type { ApiClient } from './api/api-client.js';
import { EXIT, type ExitCode } from './api/cli-error.js';
import type { Output } from './output/output.js';
import { chosenServer, connect } from './settings/connection.js';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly server?: string;
  readonly json?: boolean;
}

/** What the commands share: where they write, whom they speak to, and how they end. */
export class Cli {
  exitCode: ExitCode = EXIT.completed;

  constructor(
    readonly out: Output,
    readonly environment: ClientEnvironment,
    private readonly options: () => GlobalOptions,
  ) {}

  /** Whether the caller is a script. */
  get json(): boolean {
    return this.options().json === true;
  }

  server(): Promise<string> {
    return chosenServer(this.environment, this.options().server);
  }

  /** @throws CliError where nobody is signed in */
  connect(): Promise<ApiClient> {
    return connect(this.environment, this.options().server);
  }
}
