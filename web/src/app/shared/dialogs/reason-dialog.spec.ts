import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialog } from '@angular/material/dialog';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { ReasonDialog, type ReasonAnswer, type ReasonQuestion } from './reason-dialog';

@Component({ template: '' })
class Host {}

const QUESTION: ReasonQuestion = {
  title: 'Waive the gate?',
  text: 'It counts as passed from then on.',
  label: 'Why',
  required: true,
  confirm: 'Waive',
};

describe('the question before something that matters', () => {
  let loader: HarnessLoader;
  let answers: (ReasonAnswer | undefined)[];

  const ask = (question: Partial<ReasonQuestion> = {}): Promise<MatDialogHarness> => {
    answers = [];
    loader = TestbedHarnessEnvironment.documentRootLoader(TestBed.createComponent(Host));
    TestBed.inject(MatDialog)
      .open<ReasonDialog, ReasonQuestion, ReasonAnswer>(ReasonDialog, { data: { ...QUESTION, ...question } })
      .afterClosed()
      .subscribe((answer) => answers.push(answer));
    return loader.getHarness(MatDialogHarness);
  };
  /** The answer comes when the dialog is out of the page. */
  const answered = async () => {
    await vi.waitUntil(() => answers.length > 0);
    return answers;
  };
  const button = (text: string) => loader.getHarness(MatButtonHarness.with({ text }));
  const type = (text: string): void => {
    const area = document.querySelector('textarea');
    if (area === null) throw new Error('Nothing is asked for');
    area.value = text;
    area.dispatchEvent(new Event('input'));
  };

  it('wants the reason where one is recorded, blanks being none', async () => {
    const dialog = await ask();
    expect(await dialog.getTitleText()).toBe('Waive the gate?');
    expect(await (await button('Waive')).isDisabled()).toBe(true);
    type('   ');
    expect(await (await button('Waive')).isDisabled()).toBe(true);
    type('  Known, see R4. ');
    await (await button('Waive')).click();
    expect(await answered()).toEqual([{ text: 'Known, see R4.' }]);
  });

  it('takes a yes without words where none are needed', async () => {
    await ask({ required: false });
    await (await button('Waive')).click();
    expect(await answered()).toEqual([{ text: '' }]);
  });

  it('asks for nothing but a yes where there is nothing to write', async () => {
    await ask({ label: null, required: false, points: ['It ends.', 'Nothing is lost.'] });
    expect(document.querySelector('textarea')).toBeNull();
    expect([...document.querySelectorAll('.points li')].map((item) => item.textContent)).toEqual([
      'It ends.',
      'Nothing is lost.',
    ]);
  });

  it('does nothing when it is left, by whichever way', async () => {
    await ask({ dismiss: 'Keep it' });
    type('Known.');
    await (await button('Keep it')).click();
    expect(await answered()).toEqual([undefined]);
    const dialog = await ask();
    await dialog.close();
    expect(await answered()).toEqual([undefined]);
  });
});
