import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, aSummary, VIEWER } from '../../testing/fixtures';
import { matchItems, matchPhases, type PaletteItem, paletteQuery } from './palette/palette-items';

const list = (names: readonly string[]) =>
  ok({
    runs: names.map((name) => aSummary({ run_id: `id-${name}`, project_name: name })),
    total: names.length,
    total_capped: false,
    limit: 8,
    offset: 0,
    next_cursor: null,
  });

let page: ConsolePage;
afterEach(() => {
  page.close();
  localStorage.clear();
  delete document.documentElement.dataset['theme'];
});

const press = async (key: string, more: KeyboardEventInit = {}, on: EventTarget = document.body) => {
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  await page.settle();
};
const open = async (me = ADMIN) => {
  page = await ConsolePage.open('/workers', me, {
    'GET /workers': ok({ workers: [] }),
    'GET /runs': (request) =>
      request.params.get('q') === 'pay' || request.params.get('q') === null
        ? list(['payments', 'payroll'])
        : list([]),
  });
};
const openPalette = async () => {
  await page.until(() => page.all('mat-dialog-container').length === 0);
  await press('k', { ctrlKey: true });
  await page.until(() => page.all('o-palette [role=option]').length > 0);
};
const options = () => page.all('o-palette [role=option] > .cut:first-of-type').map((one) => one.textContent);
const search = async (text: string) => {
  await page.type('o-palette input', text);
  await page.until(() => !page.text.includes('Searching the runs'));
};
const key = (name: string) => press(name, {}, page.find('o-palette input'));

describe('the palette', () => {
  it('finds runs, and leads to the chosen one', async () => {
    await open();
    await openPalette();
    await search('pay');
    expect(options()).toEqual(['payments', 'payroll']);
    await key('ArrowDown');
    expect(page.find('o-palette .active').textContent).toContain('payroll');
    await key('ArrowDown');
    expect(page.find('o-palette .active').textContent).toContain('payments');
    await key('ArrowUp');
    await key('Enter');
    await page.until(() => page.all('o-palette').length === 0);
    expect(page.url).toContain('/runs/id-payroll');
  });

  it('finds a phase of a run', async () => {
    await open();
    await openPalette();
    await search('pay tes');
    expect(options()).toEqual(['payments, Test', 'payroll, Test']);
    await key('Enter');
    expect(page.url).toBe('/runs/id-payments/phases?phase=test');
  });

  it('leads to pages and switches the theme, also while runs cannot be searched', async () => {
    await open();
    page.answer('GET /runs', problem(500, 'Away.'));
    await openPalette();
    await search('dark');
    expect(page.text).toContain('The runs could not be searched');
    expect(options()).toEqual(['Dark theme']);
    await key('Enter');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    page.answer('GET /templates', ok({ templates: [] }));
    await openPalette();
    await search('templates');
    await key('Enter');
    expect(page.url).toBe('/templates');
    await openPalette();
    await search('no such thing');
    expect(page.text).toContain('could not be searched');
  });

  it('offers nothing that somebody may not do', async () => {
    await open(VIEWER);
    await openPalette();
    expect(options()).not.toContain('Start a run');
    expect(options()).not.toContain('Schedules');
    expect(options()).toContain('Workers');
  });
});

describe('keys', () => {
  it('lead to pages in pairs, and to a new run', async () => {
    await open();
    page.answer('GET /templates', ok({ templates: [] }));
    await press('g');
    await press('t');
    expect(page.url).toBe('/templates');
    await press('t');
    expect(page.url).toBe('/templates');
    await press('n');
    expect(page.url).toBe('/runs/new');
  });

  it('are listed, and do nothing while somebody types', async () => {
    await open();
    await press('?');
    await page.until(() => page.text.includes('Go to Workers'));
    await press('n');
    expect(page.url).toBe('/workers');
    await page.click('Done');
    // It gives the focus back to where it was only when it is gone.
    await page.until(() => page.all('mat-dialog-container').length === 0);
    await page.go('/runs');
    await press('/');
    await page.until(() => document.activeElement?.getAttribute('type') === 'search');
    await press('n', {}, page.find('input[type=search]'));
    expect(page.url).toBe('/runs');
  });
});

describe('what the palette is asked', () => {
  const item = (label: string, words = ''): PaletteItem => ({
    ...{ id: label, group: 'Do', label, detail: '', words },
    icon: null as unknown as PaletteItem['icon'],
    go: () => undefined,
  });

  it('may name a run and its phase', () => {
    expect(paletteQuery('  my run Test ')).toEqual({
      whole: 'my run Test',
      phase: { run: 'my run', word: 'test' },
    });
    expect(paletteQuery('payments').phase).toBeNull();
    expect(matchPhases([aSummary()], 'bu').map(({ label }) => label)).toEqual(['Build']);
  });

  it('finds every word, and what begins with the text first', () => {
    const items = [item('Keyboard shortcuts', 'help'), item('Help yourself'), item('Runs')];
    expect(matchItems(items, 'help').map(({ label }) => label)).toEqual([
      'Help yourself',
      'Keyboard shortcuts',
    ]);
    expect(matchItems(items, 'help board').map(({ label }) => label)).toEqual(['Keyboard shortcuts']);
    expect(matchItems(items, '')).toHaveLength(3);
  });
});
