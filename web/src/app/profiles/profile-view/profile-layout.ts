import type { PhaseDefinitionDto } from '../../api/generated/models';

export interface StepBox {
  readonly id: string;
  readonly executor: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PhaseBox {
  readonly title: string;
  readonly name: string;
  readonly optional: boolean;
  readonly gates: number;
  readonly x: number;
  readonly width: number;
  readonly steps: readonly StepBox[];
  /** Paths from a step to those that need it. */
  readonly edges: readonly string[];
}

export interface ProfileLayout {
  readonly width: number;
  readonly height: number;
  readonly phases: readonly PhaseBox[];
}

export const STEP_HEIGHT = 30;
const CHARACTER = 7.4;
const STEP_PADDING = 44;
const ROW = 40;
const COLUMN_GAP = 30;
const PADDING = 14;
const HEAD = 44;
const PHASE_GAP = 34;

/** Phases from left to right; the steps of each in columns, every step right of what it needs. Pixels. */
export function layoutProfile(phases: readonly PhaseDefinitionDto[]): ProfileLayout {
  let x = 1;
  const boxes = phases.map((phase) => {
    const box = layoutPhase(phase, x);
    x += box.width + PHASE_GAP;
    return box;
  });
  const rows = Math.max(...boxes.flatMap(({ steps }) => steps.map(({ y }) => y + ROW)), HEAD + ROW);
  return { width: Math.max(x - PHASE_GAP + 1, 1), height: rows + PADDING, phases: boxes };
}

function layoutPhase(phase: PhaseDefinitionDto, x: number): PhaseBox {
  const columns = columnsOf(phase);
  const steps: StepBox[] = [];
  let left = x + PADDING;
  for (const column of columns) {
    const width = Math.max(...column.map(({ id }) => id.length)) * CHARACTER + STEP_PADDING;
    column.forEach(({ id, executor }, row) => {
      steps.push({ id, executor, x: left, y: HEAD + row * ROW, width });
    });
    left += width + COLUMN_GAP;
  }
  const inner = steps.length === 0 ? PADDING : left - COLUMN_GAP - x;
  const width = Math.max(inner + PADDING, phase.title.length * CHARACTER + 90);
  const { title, name, optional } = phase;
  return { title, name, optional, gates: phase.gates.length, x, width, steps, edges: edgesOf(phase, steps) };
}

type Step = PhaseDefinitionDto['steps'][number];

/** The steps by how many others stand before them. */
function columnsOf({ steps }: PhaseDefinitionDto): Step[][] {
  const known = new Map(steps.map((step) => [step.id, step]));
  const depths = new Map<string, number>();
  const depthOf = (step: Step, above: readonly string[]): number => {
    const counted = depths.get(step.id);
    if (counted !== undefined) return counted;
    // A published profile has no circle; one that had would only be drawn oddly.
    const needed = step.needs.filter((id) => !above.includes(id)).flatMap((id) => known.get(id) ?? []);
    const depth = Math.max(-1, ...needed.map((one) => depthOf(one, [...above, step.id]))) + 1;
    depths.set(step.id, depth);
    return depth;
  };
  const columns: Step[][] = [];
  for (const step of steps) (columns[depthOf(step, [])] ??= []).push(step);
  return columns;
}

function edgesOf({ steps }: PhaseDefinitionDto, boxes: readonly StepBox[]): string[] {
  const placed = new Map(boxes.map((box) => [box.id, box]));
  return steps.flatMap((step) =>
    step.needs.flatMap((need) => {
      const [from, to] = [placed.get(need), placed.get(step.id)];
      return from === undefined || to === undefined ? [] : [edge(from, to)];
    }),
  );
}

function edge(from: StepBox, to: StepBox): string {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y, to.x, to.y];
  const [start, end, half] = [y1 + STEP_HEIGHT / 2, y2 + STEP_HEIGHT / 2, (x1 + x2) / 2];
  return `M${x1} ${start}C${half} ${start} ${half} ${end} ${x2} ${end}`;
}
