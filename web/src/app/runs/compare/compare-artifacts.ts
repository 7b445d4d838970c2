import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { BytesPipe } from '../../shared/format/bytes';
import { isReadable } from '../../shared/preview/preview-kind';
import type { ComparedArtifact } from '../run-models';
import { VersionDiff } from '../run-detail/artifacts-tab/version-diff';

const WORDS: Readonly<Record<ComparedArtifact['change'], string>> = {
  same: 'the same',
  changed: 'changed',
  only_a: 'only in A',
  only_b: 'only in B',
};

/** What two runs made, aligned by phase and path; a changed text opens to what differs. */
@Component({
  selector: 'o-compare-artifacts',
  imports: [BytesPipe, VersionDiff],
  templateUrl: './compare-artifacts.html',
  styles: `
    .open {
      padding: 0;
      border: 0;
      background: none;
      color: var(--o-accent);
      font: inherit;
      text-align: left;
      overflow-wrap: anywhere;
      cursor: pointer;
    }
    .changed,
    .only_a,
    .only_b {
      background: var(--o-warn-soft);
      color: var(--o-warn);
    }
    .note {
      padding: var(--o-3) var(--o-4);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CompareArtifacts {
  readonly runA = input.required<string>();
  readonly runB = input.required<string>();
  readonly artifacts = input.required<readonly ComparedArtifact[]>();
  readonly leftOut = input.required<number>();
  /** Phase and path of the one that is open. */
  protected readonly opened = linkedSignal<unknown, string | null>({
    source: () => [this.runA(), this.runB()],
    computation: () => null,
  });
  protected readonly rows = computed(() =>
    this.artifacts().map((artifact) => ({
      ...artifact,
      key: `${artifact.phase}/${artifact.path}`,
      words: WORDS[artifact.change],
      pair: pairOf(artifact),
    })),
  );
  protected readonly changes = computed(
    () => this.artifacts().filter(({ change }) => change !== 'same').length,
  );

  protected toggle(key: string): void {
    this.opened.update((opened) => (opened === key ? null : key));
  }
}

/** Both sides where their texts can be compared. */
function pairOf({ change, a, b }: ComparedArtifact) {
  if (change !== 'changed' || a === null || b === null) return null;
  return isReadable(a) && isReadable(b) ? { a, b } : null;
}
