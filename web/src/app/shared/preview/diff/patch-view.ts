import { ChangeDetectionStrategy, Component, input, resource } from '@angular/core';
import { CodeView } from '../code-view';
import { Loading } from '../../loading';
import { DiffView } from './diff-view';

/** A patch as what it changes, file by file; what cannot be read as one is shown as text. */
@Component({
  selector: 'o-patch',
  imports: [CodeView, DiffView, Loading],
  template: `@if (parsed.hasValue()) {
      @if (parsed.value().files; as files) {
        <o-diff [files]="files" />
      } @else {
        <o-code [source]="source()" name="x.diff" />
      }
    } @else {
      <o-loading />
    }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PatchView {
  readonly source = input.required<string>();
  protected readonly parsed = resource({
    params: () => this.source(),
    loader: async ({ params }) => {
      const { parseDiff } = await import('./parse-diff');
      return { files: parseDiff(params) };
    },
  });
}
