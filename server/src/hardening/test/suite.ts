/** How the tests of one ecosystem are run; no shell is involved. */
export interface Suite {
  /** `npm`, `pytest`, `go` … */
  readonly name: string;
  /** Why it is thought to be the repository's test command. */
  readonly found: string;
  /** Run first, one after the other; a failing one is noted, and the tests are tried all the same. */
  readonly setup: readonly (readonly string[])[];
  readonly command: readonly string[];
  /** Beside the step's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** JUnit reports: files in the reports folder, or globs in the work tree. */
  readonly junit: readonly string[];
  readonly counts: 'output' | 'go';
}

/** Builds a suite for one run of it. */
export type SuiteMaker = (folders: RunFolders) => Suite;

export interface RunFolders {
  /** Outside of the work tree; for reports and environments, gone after the run. */
  readonly reports: string;
}
