import { TestBed } from '@angular/core/testing';
import { FileDrop } from './file-drop';

async function dropArea(multiple: boolean) {
  const fixture = TestBed.createComponent(FileDrop);
  fixture.componentRef.setInput('label', 'Drop files');
  fixture.componentRef.setInput('multiple', multiple);
  const picked: string[][] = [];
  fixture.componentInstance.picked.subscribe((files) => picked.push(files.map(({ name }) => name)));
  await fixture.whenStable();
  const label = (fixture.nativeElement as HTMLElement).querySelector('label');
  if (label === null) throw new Error('There is no area');
  const send = async (type: string, names: readonly string[] = []): Promise<Event> => {
    const files = names.map((name) => new File([name], name));
    const event = Object.assign(new Event(type, { cancelable: true }), { dataTransfer: { files } });
    label.dispatchEvent(event);
    await fixture.whenStable();
    return event;
  };
  return { label, picked, send };
}

describe('an area for files', () => {
  it('takes what is dropped on it, instead of the browser', async () => {
    const { label, picked, send } = await dropArea(true);
    expect((await send('dragover')).defaultPrevented).toBe(true);
    expect(label.classList).toContain('over');
    expect((await send('drop', ['a.md', 'b.md'])).defaultPrevented).toBe(true);
    expect(picked).toEqual([['a.md', 'b.md']]);
    expect(label.classList).not.toContain('over');
  });

  it('takes one file where one is wanted', async () => {
    const { picked, send } = await dropArea(false);
    await send('drop', ['a.md', 'b.md']);
    expect(picked).toEqual([['a.md']]);
  });

  it('is not marked any more when the files are carried away, and takes no text', async () => {
    const { label, picked, send } = await dropArea(true);
    await send('dragover');
    await send('dragleave');
    expect(label.classList).not.toContain('over');
    await send('drop');
    expect(picked).toEqual([]);
  });
});
