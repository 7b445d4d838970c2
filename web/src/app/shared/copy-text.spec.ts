import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';
import { CopyText } from './copy-text';

async function copying(works: boolean) {
  const copied: string[] = [];
  const copy = (text: string): boolean => works && copied.push(text) > 0;
  TestBed.configureTestingModule({ providers: [{ provide: Clipboard, useValue: { copy } }] });
  const fixture = TestBed.createComponent(CopyText);
  fixture.componentRef.setInput('text', '0199d1f5-3f1e');
  fixture.componentRef.setInput('label', '3f1e');
  fixture.componentRef.setInput('what', 'the id');
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const button = host.querySelector('button');
  const click = async (): Promise<void> => {
    button?.click();
    await fixture.whenStable();
  };
  return { copied, button, click, said: () => host.querySelector('[role=status]')?.textContent };
}

describe('a text to copy', () => {
  it('shows a short form, copies the whole and says so', async () => {
    const { copied, button, click, said } = await copying(true);
    expect(button?.textContent).toContain('3f1e');
    expect(button?.getAttribute('aria-label')).toBe('Copy the id');
    await click();
    expect(copied).toEqual(['0199d1f5-3f1e']);
    expect(said()).toBe('Copied');
  });

  it('claims nothing where the browser did not copy', async () => {
    const { click, said } = await copying(false);
    await click();
    expect(said()).toBe('');
  });
});
