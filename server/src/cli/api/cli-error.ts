import type { ProblemDto } from './generated/types.gen.js';

/** What the command tells its caller: how a run ended, or that something else went wrong. */
export const EXIT = {
  completed: 0,
  other: 1,
  blocked: 2,
  failed: 3,
  person: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a sentence and an exit code. */
export class CliError extends Error {
  constructor(
    sentence: string,
    readonly exitCode: ExitCode = EXIT.other,
  ) {
    super(sentence);
    this.name = 'CliError';
  }
}

/** The server answered with a problem. */
export class ApiProblem extends CliError {
  constructor(readonly problem: ProblemDto) {
    super(problem.detail, exitCodeOf(problem.code));
    this.name = 'ApiProblem';
  }
}

/** The server did not answer at all: nothing is known of what became of the request. */
export class Unreachable extends CliError {
  constructor(url: string, reason: string) {
    super(
      `The server at ${url} cannot be reached (${reason}). Is it running? \`--server\` names another one.`,
    );
    this.name = 'Unreachable';
  }
}

function exitCodeOf(code: string): ExitCode {
  switch (code) {
    case 'governance_blocked':
      return EXIT.blocked;
    case 'phase_failed':
    case 'budget_exceeded':
      return EXIT.failed;
    case 'approval_required':
      return EXIT.person;
    default:
      return EXIT.other;
  }
}
