import { TestBed } from '@angular/core/testing';
import { CompareTexts } from './compare-view';
import { PatchView } from './patch-view';

type Inputs = Readonly<Record<string, string>>;

async function show(component: typeof CompareTexts | typeof PatchView, inputs: Inputs) {
  const fixture = TestBed.createComponent<unknown>(component);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  await vi.waitUntil(async () => {
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).querySelector('o-loading') === null;
  });
  const host = fixture.nativeElement as HTMLElement;
  const click = async (selector: string): Promise<void> => {
    host.querySelector<HTMLElement>(selector)?.click();
    await fixture.whenStable();
  };
  const cells = (css: string): (string | null)[] =>
    [...host.querySelectorAll(`td.${css}`)].map((cell) => cell.textContent);
  return { host, click, cells };
}

const lines = (count: number, word: string): string =>
  Array.from({ length: count }, (_, at) => `${word} ${String(at)}\n`).join('');

describe('two texts beside each other', () => {
  const compare = (before: string, after: string) => show(CompareTexts, { name: 'a.md', before, after });

  it('stand line by line, with what went and what came', async () => {
    const { host, cells } = await compare('one\ntwo\nthree\n', 'one\n2\nthree\nfour\n');
    expect(cells('gone')).toEqual(['two']);
    expect(cells('come')).toEqual(['2', 'four']);
    expect(host.querySelector('[role=status]')?.textContent).toContain('+2');
  });

  it('are shown one above the other when that is wanted', async () => {
    const { host, click, cells } = await compare('one\ntwo\n', 'one\n2\n');
    expect(host.querySelector('table.split')).not.toBeNull();
    await click('input[type=checkbox]');
    expect(host.querySelector('table.split')).toBeNull();
    expect([cells('gone'), cells('come')]).toEqual([['two'], ['2']]);
  });

  it('are the same, and it says so', async () => {
    expect((await compare('one\n', 'one\n')).host.textContent).toContain('byte for byte');
  });

  it('come in portions where they are long', async () => {
    const { host, click } = await compare('', lines(900, 'line'));
    expect(host.querySelectorAll('tr')).toHaveLength(400);
    expect(host.textContent).toContain('500 more lines');
    await click('.more button');
    expect(host.querySelectorAll('tr')).toHaveLength(800);
    await click('.head');
    expect(host.querySelectorAll('tr')).toHaveLength(0);
  });
});

describe('a patch', () => {
  const patchOf = (name: string): string =>
    `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-old\n+new\n`;

  it('is shown file by file', async () => {
    const { host, cells } = await show(PatchView, { source: patchOf('a.ts') + patchOf('b.ts') });
    expect([...host.querySelectorAll('section')].map((file) => file.getAttribute('aria-label'))).toEqual([
      'a.ts',
      'b.ts',
    ]);
    expect(cells('come')).toEqual(['new', 'new']);
  });

  it('of many files shows their names first', async () => {
    const source = Array.from({ length: 21 }, (_, at) => patchOf(`${String(at)}.ts`)).join('');
    const { host, click } = await show(PatchView, { source });
    expect(host.querySelectorAll('section')).toHaveLength(21);
    expect(host.querySelectorAll('table')).toHaveLength(0);
    await click('.head');
    expect(host.querySelectorAll('table')).toHaveLength(1);
  });

  it('that is none is shown as the text that it is', async () => {
    const { host } = await show(PatchView, { source: 'nothing of a patch' });
    expect(host.querySelector('o-code')?.textContent).toContain('nothing of a patch');
  });
});
