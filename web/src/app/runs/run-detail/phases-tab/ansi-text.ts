import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import Anser from 'anser';

interface Part {
  readonly text: string;
  readonly css: string;
}

/** One line of a terminal: its colours become classes, every other control sequence is left out. */
@Component({
  selector: 'o-ansi',
  template: `@for (part of parts(); track $index) {
    <span [class]="part.css">{{ part.text }}</span>
  }`,
  styleUrl: './ansi-text.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AnsiText {
  readonly text = input.required<string>();
  /** First character that is shown, and the one after the last. */
  readonly from = input(0);
  readonly to = input(Infinity);
  protected readonly parts = computed(() => cutParts(ansiParts(this.text()), this.from(), this.to()));
}

/** Splits a line into runs of the same look. A carriage return keeps only what was printed after it. */
export function ansiParts(line: string): readonly Part[] {
  const visible = line.replace(/\r$/, '').split('\r').at(-1) ?? '';
  if (!visible.includes('\u001b')) return [{ text: visible, css: '' }];
  return Anser.ansiToJson(visible, { use_classes: true, remove_empty: true }).map((part) => ({
    text: part.content,
    css: [part.fg, part.bg ? `on-${part.bg}` : '', ...part.decorations].filter(Boolean).join(' '),
  }));
}

/** The characters from one place to another, each in its look. */
export function cutParts(parts: readonly Part[], from: number, to: number): readonly Part[] {
  if (from === 0 && to === Infinity) return parts;
  let place = 0;
  return parts.flatMap(({ text, css }) => {
    const start = place;
    place += text.length;
    const cut = text.slice(Math.max(from - start, 0), Math.max(to - start, 0));
    return cut === '' ? [] : [{ text: cut, css }];
  });
}

/** A line as it reads. */
export const plainText = (line: string): string =>
  ansiParts(line)
    .map(({ text }) => text)
    .join('');
