import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  model,
  untracked,
  viewChild,
} from '@angular/core';
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { editorLook } from './editor-look';
import { completeBy } from './profile-completion';
import type { JsonSchema } from './schema-choices';

/** Something that is wrong at a place; line and column from 1. */
export interface TextProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A text field for YAML: numbered lines, colours, completion by a JSON Schema, and problems where they are. */
@Component({
  selector: 'o-yaml-editor',
  template: '<div #place class="place"></div>',
  styles: `
    :host {
      display: block;
      min-height: 0;
    }
    .place {
      height: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class YamlEditor {
  readonly text = model.required<string>();
  readonly label = input.required<string>();
  /** Id of the element that says what is wrong. */
  readonly describedBy = input.required<string>();
  readonly problems = input<readonly TextProblem[]>([]);
  /** What is proposed follows from it; undefined: nothing is proposed. */
  readonly schema = input<JsonSchema>();
  private readonly place = viewChild.required<ElementRef<HTMLElement>>('place');
  private view: EditorView | undefined;

  constructor() {
    afterNextRender(() => {
      const state = EditorState.create({ doc: this.text(), extensions: this.extensions() });
      this.view = new EditorView({ state, parent: this.place().nativeElement });
      this.mark();
    });
    effect(() => this.take(this.text()));
    effect(() => {
      this.problems();
      this.mark();
    });
    inject(DestroyRef).onDestroy(() => this.view?.destroy());
  }

  /** Puts the cursor to a line and column, both from 1, or the nearest place that there is. */
  goTo(line: number, column: number): void {
    const view = this.view;
    if (view === undefined) return;
    const anchor = offsetOf(view.state.doc, line, column);
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    view.focus();
  }

  /** A text that came from elsewhere: what is typed here is there already. */
  private take(text: string): void {
    const view = this.view;
    if (view === undefined || view.state.doc.toString() === text) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  private mark(): void {
    const view = this.view;
    if (view === undefined) return;
    const { doc } = view.state;
    const diagnostics = untracked(this.problems).map((problem) => diagnosticOf(doc, problem));
    view.dispatch(setDiagnostics(view.state, diagnostics));
    view.contentDOM.setAttribute('aria-invalid', String(diagnostics.length > 0));
  }

  private extensions(): Extension {
    return [
      [lineNumbers(), lintGutter(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter()],
      [history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets()],
      [yaml(), indentUnit.of('  '), EditorState.tabSize.of(2), search(), highlightSelectionMatches()],
      autocompletion({ override: [completeBy(this.schema)], icons: false }),
      keymap.of([
        ...[...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap],
        ...[...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab],
      ]),
      editorLook,
      EditorView.contentAttributes.of({
        'aria-label': this.label(),
        'aria-describedby': this.describedBy(),
        spellcheck: 'false',
        // Focusable anyway; said so that programs that look for it know.
        tabindex: '0',
      }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) this.text.set(state.doc.toString());
      }),
    ];
  }
}

function offsetOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(from + Math.max(column - 1, 0), to);
}

/** From the place to the end of its word, so that there is something to underline. */
function diagnosticOf(doc: Text, { line, column, message }: TextProblem): Diagnostic {
  const from = offsetOf(doc, line, column);
  const end = doc.lineAt(from).to;
  const word = /^[^\s:,}\]]+/.exec(doc.sliceString(from, end))?.[0].length ?? 0;
  return { from, to: Math.min(from + Math.max(word, 1), end), severity: 'error', message };
}
