/** What a tool that runs as a step is given by the executor: `$ORCHESTRATOR_*` and the variables to pass on. */
export interface StepEnvironment {
  /** File that takes JSON lines; null outside a step. */
  readonly outputFile: string | null;
  /** Folder whose files become artifacts; null outside a step. */
  readonly artifactsDir: string | null;
  /** JSON of run, phase, parameters and earlier artifacts; null outside a step. */
  readonly contextFile: string | null;
  /** The environment that child processes inherit. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Reads the step's environment once. Empty values count as absent. */
export function readStepEnvironment(): StepEnvironment {
  const variables = { ...process.env };
  return {
    outputFile: variables['ORCHESTRATOR_OUTPUT'] || null,
    artifactsDir: variables['ORCHESTRATOR_ARTIFACTS'] || null,
    contextFile: variables['ORCHESTRATOR_CONTEXT'] || null,
    variables,
  };
}
