import type { GateDefinition, PhaseDefinition, StepDefinition } from '../../src/workflow/domain/profile.js';

type Schema = Readonly<Record<string, unknown>>;
type ArtifactGate = Extract<GateDefinition, { kind: 'artifact' }>;

/** The requirements that what is written refers to. */
const REQUIREMENTS = 'R1 is done. R2 is done in part. R3 was left out.';

/** What a step has to deliver, written so that the gates of its phase hold: nothing but what they ask for. */
export function deliverablesOf(
  phase: PhaseDefinition,
  step: StepDefinition,
): Readonly<Record<string, string>> {
  const required = step.artifacts.filter((artifact) => artifact.required);
  return Object.fromEntries(required.map(({ path }) => [path, contentFor(path, phase.gates)]));
}

function contentFor(path: string, gates: readonly GateDefinition[]): string {
  const judges = gates.filter(
    (gate): gate is ArtifactGate => gate.kind === 'artifact' && gate.artifact === path,
  );
  const schema = judges.find((gate) => gate.schema !== null)?.schema;
  if (schema !== undefined && schema !== null) return `${JSON.stringify(example(schema), null, 2)}\n`;
  const sections = judges.flatMap((gate) => gate.sections).map((title) => `## ${title}\n${REQUIREMENTS}\n`);
  const size = Math.max(0, ...judges.map((gate) => gate.minSize));
  return `# ${path}\n\n${sections.join('\n')}`.padEnd(size, ' and so on');
}

/** The least value that a schema of a built-in profile admits. */
function example(schema: Schema): unknown {
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0] as unknown;
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema);
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () =>
        example(schema['items'] as Schema),
      );
    case 'string':
      return 'x'.repeat(Number(schema['minLength'] ?? 0));
    case 'number':
    case 'integer':
      return Number(schema['minimum'] ?? 0);
    default:
      throw new Error(`No example for ${JSON.stringify(schema)}`);
  }
}

function exampleObject(schema: Schema): object {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const names = (schema['required'] ?? []) as readonly string[];
  return Object.fromEntries(names.map((name) => [name, example(properties[name] ?? {})]));
}
