import { TestBed } from '@angular/core/testing';
import { readTranscript } from './read-transcript';
import { TranscriptView } from './transcript-view';

const at = '2026-11-30T10:11:12.000Z';
const usage = (inputTokens: number, outputTokens: number, cacheReadTokens = 0, cacheWriteTokens = 0) => ({
  ...{ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens },
});
const call = (id: string) => ({
  at,
  type: 'call',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  call: id,
});
const ENTRIES = [
  { at, type: 'prompt', instructions: 'You plan.', request: 'Plan the bridge.' },
  call('1'),
  {
    ...{ at, type: 'answer', call: '1', usage: usage(1200, 34, 500, 6), finish: 'tool-calls' },
    ...{ text: 'I write it.', tools: [{ name: 'write_file', input: '{"path":"PRD.md"}' }] },
  },
  { at, type: 'tool', name: 'write_file', result: 'done', text: 'Wrote <b>PRD.md</b>.' },
  call('2'),
  { at, type: 'answer', call: '2', usage: null, finish: 'stop', text: 'Done.', tools: [] },
  call('3'),
  {
    at,
    type: 'failure',
    provider: 'anthropic',
    model: 'm',
    status: 529,
    outcome: 'refused',
    message: 'Busy.',
  },
  { at, type: 'waiting', message: 'The budget has 0 left.' },
  { at, type: 'end', kind: 'finished', summary: 'Planned.', warnings: [] },
];
const lines = (entries: readonly object[]): string =>
  entries.map((entry) => JSON.stringify(entry)).join('\n') + '\n';

describe('a transcript', () => {
  it('is read as a conversation, with what each call used', () => {
    const read = readTranscript(lines(ENTRIES));
    expect(read?.turns.map(({ role, about }) => `${role} ${about}`.trim())).toEqual([
      'Task',
      'Model anthropic claude-sonnet-4-5',
      'Tool write_file · done',
      'Model anthropic claude-sonnet-4-5',
      'Failure anthropic m',
      'Waiting',
      'End finished',
    ]);
    expect(read?.turns.map(({ tokens }) => tokens)).toEqual([
      ...[undefined, '1,200 in · 34 out · 500 from cache · 6 to cache', undefined, null],
      ...[undefined, undefined, undefined],
    ]);
    expect(read?.turns[1]?.folds).toEqual([{ title: 'Calls write_file', text: '{\n  "path": "PRD.md"\n}' }]);
    expect(read?.turns.at(-1)?.text).toBe('Planned.');
  });

  it('is summed up, and says of how many calls nothing is known', () => {
    expect(readTranscript(lines(ENTRIES))).toMatchObject({ calls: 3, unknown: 2, input: 1200, output: 34 });
  });

  it.each(['', 'no json', '[1]', '{"a":1}', `${lines(ENTRIES)}{"type":`])('is not %j', (source) => {
    expect(readTranscript(source)).toBeNull();
  });

  it('folds tools, and shows what was written as it is', async () => {
    const fixture = TestBed.createComponent(TranscriptView);
    fixture.componentRef.setInput('source', lines(ENTRIES));
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    expect(page.querySelectorAll('li')).toHaveLength(7);
    expect(page.querySelectorAll('details[open]')).toHaveLength(0);
    expect(page.querySelector('.tool pre')?.textContent).toBe('Wrote <b>PRD.md</b>.');
    expect(page.textContent).toContain('tokens not known');
    expect(page.textContent).toContain('of 2 it is not known what they used');
  });
});
