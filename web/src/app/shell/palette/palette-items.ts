import type { LucideIcon } from '@lucide/angular';
import type { RunSummary } from '../../runs/run-models';
import { sentence } from '../../shared/status/status-look';

/** Something that the palette does or leads to. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'Do' | 'Pages' | 'Runs';
  readonly label: string;
  /** What tells it apart from others of the same label. */
  readonly detail: string;
  readonly icon: LucideIcon;
  /** Words that find it beside its label. */
  readonly words: string;
  readonly go: () => unknown;
}

/** What is searched for: runs by the whole text, and a phase of a run where the last word names one. */
export interface PaletteQuery {
  readonly whole: string;
  /** Null where there is but one word. */
  readonly phase: { readonly run: string; readonly word: string } | null;
}

export function paletteQuery(text: string): PaletteQuery {
  const whole = text.trim();
  const [, run = '', word = ''] = /^(.*\S)\s+(\S+)$/.exec(whole) ?? [];
  return { whole, phase: run === '' ? null : { run, word: word.toLowerCase() } };
}

/** The items in which every word occurs; those whose label begins with the text stand first. */
export function matchItems(items: readonly PaletteItem[], text: string): readonly PaletteItem[] {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const begins = (item: PaletteItem): boolean => item.label.toLowerCase().startsWith(wanted);
  return items
    .filter(({ label, words: more }) => {
      const known = `${label} ${more}`.toLowerCase();
      return words.every((word) => known.includes(word));
    })
    .sort((a, b) => Number(begins(b)) - Number(begins(a)));
}

/** The phases of runs that a word names. */
export const matchPhases = (
  runs: readonly RunSummary[],
  word: string,
): { readonly run: RunSummary; readonly phase: string; readonly label: string }[] =>
  runs.flatMap((run) =>
    run.progress.phases
      .filter(({ phase }) => phase.toLowerCase().startsWith(word))
      .map(({ phase }) => ({ run, phase, label: sentence(phase) })),
  );
