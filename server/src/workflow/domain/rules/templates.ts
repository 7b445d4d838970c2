import { declaredParameters } from '../parameters.js';
import type { ProfileProblem } from '../profile-problem.js';
import type { ProfileSource, StepSource } from '../profile-source.js';
import { isRunPlaceholder, placeholderParameter, placeholders } from '../template.js';
import { placedSteps } from './places.js';

/** Placeholders are known where templates are filled in, and absent where they would stay as they are. */
export function templateProblems(source: ProfileSource): ProfileProblem[] {
  const declared = new Set(declaredParameters(source.parameters ?? null));
  return placedSteps(source).flatMap(({ item, path }) => [
    ...templates(item).flatMap(([place, text]) =>
      placeholders(text).flatMap((name) => unknown(name, declared, path + place)),
    ),
    ...plainTexts(item).flatMap(([place, text]) => misplaced(text, path + place)),
  ]);
}

type PlacedText = readonly [place: string, text: string];

function templates(step: StepSource): PlacedText[] {
  const body = step.http?.body;
  const texts: PlacedText[] = step.llm === undefined ? [] : [['/llm/task', step.llm.task]];
  if (step.agent_cli !== undefined) texts.push(['/agent_cli/task', step.agent_cli.task]);
  if (body !== undefined) texts.push(['/http/body', typeof body === 'string' ? body : JSON.stringify(body)]);
  return texts;
}

function plainTexts(step: StepSource): PlacedText[] {
  if (step.llm !== undefined) return [['/llm/role', step.llm.role]];
  if (step.agent_cli !== undefined) return [['/agent_cli/role', step.agent_cli.role]];
  return step.http === undefined ? [] : [['/http/url', step.http.url]];
}

function unknown(name: string, declared: ReadonlySet<string>, path: string): ProfileProblem[] {
  const parameter = placeholderParameter(name);
  const isKnown = parameter === null ? isRunPlaceholder(name) : declared.has(parameter);
  if (isKnown) return [];
  const reason =
    parameter === null
      ? 'is not known: use parameters.NAME, intake, run.id, run.project_name or run.phase'
      : 'is not declared under parameters.properties';
  return [{ path, message: `The placeholder {{ ${name} }} ${reason}.` }];
}

const misplaced = (text: string, path: string): ProfileProblem[] =>
  placeholders(text).map((name) => ({
    path,
    message: `The placeholder {{ ${name} }} is not filled in here, only in tasks of agents and http bodies.`,
  }));
