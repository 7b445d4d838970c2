import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { type Choice, choicesAt, type JsonSchema } from './schema-choices';
import { placeAt } from './yaml-place';

/** Proposes what the schema lets stand at the cursor; nothing while there is no schema. */
export function completeBy(schema: () => JsonSchema | undefined) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const known = schema();
    const place = known === undefined ? null : placeAt(state.doc.toString(), pos);
    if (known === undefined || place === null) return null;
    // A new line alone opens no list over what is read; a key that was begun, a value or Ctrl+Space does.
    if (!explicit && place.typed === '' && place.kind === 'key' && !place.inline) return null;
    const options = choicesAt(known, place).map(toCompletion);
    return options.length === 0
      ? null
      : { from: pos - place.typed.length, options, validFor: /^[\w$./*-]*$/ };
  };
}

function toCompletion(choice: Choice): Completion {
  return {
    label: choice.label,
    type: choice.kind === 'key' ? 'property' : 'enum',
    ...(choice.detail === '' ? {} : { detail: choice.detail }),
    ...(choice.about === '' ? {} : { info: choice.about }),
    boost: choice.required ? 10 : 0,
    apply: (view, completion, from, to) => write(view, completion, choice, { from, to }),
  };
}

function write(
  view: EditorView,
  completion: Completion,
  choice: Choice,
  at: { from: number; to: number },
): void {
  view.dispatch({
    changes: { ...at, insert: choice.text },
    selection: { anchor: at.from + choice.text.length },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
    scrollIntoView: true,
  });
  if (choice.goesOn) startCompletion(view);
}
