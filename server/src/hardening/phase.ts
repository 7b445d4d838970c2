import type { Git } from './git.js';
import { numberAt } from './json.js';
import { Repository } from './repository.js';
import type { StepExchange } from './step-exchange.js';

/** What a part of the hardening tools works with. */
export interface PhaseContext {
  readonly git: Git;
  readonly exchange: StepExchange;
  /** The environment that other programs are given. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Does one part of a phase: reads the work tree, saves artifacts, reports metrics. */
export type Part = (context: PhaseContext) => Promise<void>;

const DEFAULT_MAX_FILES = 20_000;

/** A number parameter of the run, or its default where the run has none. */
export const numberParameter = ({ exchange }: PhaseContext, name: string, otherwise: number): number =>
  numberAt(exchange.parameters, name) ?? otherwise;

/** A switch of the run, or its default where the run has none. */
export function switchParameter({ exchange }: PhaseContext, name: string, otherwise: boolean): boolean {
  const value = exchange.parameters[name];
  return typeof value === 'boolean' ? value : otherwise;
}

/** The repository of the step with as many files as the run's parameter `max_files` allows. */
export async function openRepository(context: PhaseContext, git = context.git): Promise<Repository> {
  const repository = await Repository.open(git, numberParameter(context, 'max_files', DEFAULT_MAX_FILES));
  return repository;
}

/** A sentence where not every file was looked at, else nothing. */
export const limitNote = (repository: Repository): readonly string[] =>
  repository.files.length < repository.totalFiles
    ? [`Only the first ${repository.files.length} of ${repository.totalFiles} files were inspected.`]
    : [];
