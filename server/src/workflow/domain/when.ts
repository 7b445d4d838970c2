import { Environment, type ASTNode } from '@marcbachmann/cel-js';

/** Comparisons, membership and logic only: no calls, no macros, no arithmetic, so every condition is cheap and total in size. */
const OPERATORS: ReadonlySet<string> = new Set([
  ...['value', 'id', '.', '[]', 'list'],
  ...['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '!_', '-_'],
]);

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 200, maxDepth: 30, maxListElements: 100 },
}).registerVariable('parameters', 'map');

/** A condition that cannot be read or evaluated; the message is a sentence for a person. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/**
 * Checks a `when` condition and tells the parameters that it mentions.
 * @throws ConditionError where it does not parse, uses what conditions may not use, or cannot be true or false
 */
export function conditionParameters(expression: string): string[] {
  const parsed = parseCondition(expression);
  const names = new Set<string>();
  collectParameters(parsed.ast, names);
  const { valid, type, error } = parsed.check();
  if (!valid) throw new ConditionError(firstLine(error));
  if (type !== 'bool' && type !== 'dyn') {
    throw new ConditionError(`The condition gives a ${type ?? 'value'}, not true or false`);
  }
  return [...names];
}

/**
 * Evaluates a `when` condition.
 * @param parameters the run's values; one that is not there counts as null
 * @throws ConditionError where the values do not fit the condition (a text compared with `<` to a number, for example)
 */
export function evaluateCondition(
  expression: string,
  parameters: Readonly<Record<string, unknown>>,
): boolean {
  const values = new Map(Object.entries(parameters));
  for (const name of conditionParameters(expression)) {
    if (values.get(name) === undefined) values.set(name, null);
  }
  const result = runCondition(expression, values);
  if (typeof result !== 'boolean') throw new ConditionError('The condition does not give true or false');
  return result;
}

function runCondition(expression: string, parameters: ReadonlyMap<string, unknown>): unknown {
  try {
    return parseCondition(expression)({ parameters });
  } catch (error) {
    // The library throws its own errors for operators whose operands do not fit; all of them are the author's.
    throw new ConditionError(firstLine(error));
  }
}

function parseCondition(expression: string): ReturnType<Environment['parse']> {
  try {
    return environment.parse(expression);
  } catch (error) {
    // The parser throws for malformed text only.
    throw new ConditionError(firstLine(error));
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function collectParameters(node: ASTNode, names: Set<string>): void {
  if (!OPERATORS.has(node.op)) throw new ConditionError(`Conditions cannot use ${describe(node)}`);
  if (node.op === 'id') throw new ConditionError(unknownName(node.args));
  const name = parameterName(node);
  if (name !== null) {
    names.add(name);
    return;
  }
  for (const child of children(node)) collectParameters(child, names);
}

const describe = (node: ASTNode): string =>
  node.op === 'call' || node.op === 'rcall' ? `the function ${node.args[0]}` : `the operator ${node.op}`;

const unknownName = (name: string): string =>
  name === 'parameters'
    ? 'Write parameters with a name, such as parameters.channel'
    : `Conditions know parameters only, not ${name}`;

function parameterName(node: ASTNode): string | null {
  if (node.op === '.' && isParameters(node.args[0])) return node.args[1];
  if (node.op !== '[]' || !isParameters(node.args[0])) return null;
  const key = node.args[1];
  if (key.op === 'value' && typeof key.args === 'string') return key.args;
  throw new ConditionError("Write the name of a parameter as text, such as parameters['channel']");
}

const isParameters = (node: ASTNode): boolean => node.op === 'id' && node.args === 'parameters';

function children(node: ASTNode): ASTNode[] {
  const candidates: readonly unknown[] = Array.isArray(node.args) ? node.args : [node.args];
  return candidates.filter(isNode);
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
