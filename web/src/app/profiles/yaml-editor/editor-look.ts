import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const highlight = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--o-text-3)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--o-accent)' },
  { tag: tags.string, color: 'var(--o-ok)' },
  { tag: [tags.keyword, tags.bool, tags.null], color: 'var(--o-hold)' },
  { tag: tags.meta, color: 'var(--o-text-3)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--o-surface)', color: 'var(--o-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--o-mono)', fontSize: '12px', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--o-text)', padding: 'var(--o-2) 0 var(--o-6)' },
  '.cm-cursor': { borderLeftColor: 'var(--o-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--o-surface-sunken)',
    color: 'var(--o-text-3)',
    borderRight: '1px solid var(--o-border)',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--o-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--o-selected)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--o-accent-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--o-warn-soft)', outline: '1px solid var(--o-warn)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--o-bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--o-idle-soft)',
    borderColor: 'var(--o-border)',
    color: 'var(--o-text-2)',
  },
});

const floating = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: 'var(--o-surface-raised)',
    border: '1px solid var(--o-border-strong)',
    borderRadius: 'var(--o-radius)',
    boxShadow: 'var(--o-shadow)',
    color: 'var(--o-text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--o-mono)', fontSize: '12px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--o-accent)',
    color: 'var(--o-on-accent)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '340px', padding: '8px 10px', lineHeight: '18px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--o-bad-solid)' },
  '.cm-panels': { backgroundColor: 'var(--o-surface-sunken)', color: 'var(--o-text)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--o-border)' },
  '.cm-panel .cm-textfield': { borderColor: 'var(--o-border-strong)', backgroundColor: 'var(--o-surface)' },
  '.cm-panel .cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--o-surface)',
    borderColor: 'var(--o-border-strong)',
  },
});

/** The console's colours, taken from its tokens, so that they follow light and dark. */
export const editorLook: Extension = [theme, floating, syntaxHighlighting(highlight)];
