import { ConsolePage, ok, problem } from '../../../../testing/console-page';
import { ADMIN, anArtifact, aRun, RUN_ID } from '../../../../testing/fixtures';
import { BASE, change, NO_LOG } from '../../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the artifacts', () => {
  const files = {
    'a.md': ['text/markdown', '# A report', 'A report'],
    'b.json': ['application/json', '{"deep":{"text":"x","list":[1,null,true]}}', '"x"'],
    'bad.json': ['application/json', '{', 'This is not valid JSON.'],
    'c.csv': ['text/csv', 'module,size\na,12', '12'],
    'd.patch': ['text/x-diff', '+added', '+added'],
    'e.bin': ['application/octet-stream', '', 'There is no preview of application/octet-stream'],
    'f.html': ['text/html', '<h1>Page</h1>', 'Scripts and what lies elsewhere are not loaded.'],
  } as const;
  const artifacts = Object.entries(files).map(([path, [media_type]]) =>
    anArtifact(path, { media_type, version: 2 }),
  );
  const draft = anArtifact('a.md', { artifact_id: 'old', superseded: true });
  const answers = {
    [`GET ${BASE}`]: ok(aRun()),
    [`GET ${BASE}/artifacts`]: ok({
      run_id: RUN_ID,
      artifacts_by_phase: { build: [...artifacts, draft, anArtifact('p.png', { media_type: 'image/png' })] },
      total_count: 9,
    }),
    [`GET ${BASE}/artifacts/old/content`]: ok('# A draft'),
    ...Object.fromEntries(
      Object.entries(files).map(([path, [, content]]) => [
        `GET ${BASE}/artifacts/id-${path}/content`,
        ok(content),
      ]),
    ),
  };

  it.each(Object.entries(files))('preview %s as it reads best', async (path, [, , words]) => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=${path}`, ADMIN, answers);
    await page.until(() => page.find('o-artifact-pane .content').textContent.includes(words));
  });

  it('show a picture, its digest and its way to the disk', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=p.png`, ADMIN, answers);
    expect(page.find('.content img').getAttribute('src')).toBe(
      `${BASE}/artifacts/id-p.png/content?disposition=inline`,
    );
    expect(page.control('Download').getAttribute('href')).toBe(
      `${BASE}/artifacts/id-p.png/content?disposition=attachment`,
    );
    expect(page.control('All, as zip').getAttribute('href')).toBe(`${BASE}/artifacts.zip`);
    expect(page.text).toContain('e3b0c44298fc…');
  });

  it('fold JSON', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=b.json`, ADMIN, answers);
    await page.until(() => page.all('.fold').length === 3);
    page.all('.fold')[0]?.click();
    await page.settle();
    expect(page.all('.fold')).toHaveLength(1);
  });

  it('are chosen by a click, with their older versions when asked', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, answers);
    page.all('li button')[1]?.click();
    await page.settle();
    expect(page.url).toContain('artifact=id-b.json');
    expect(page.all('.tree li')).toHaveLength(8);
    page.find('.versions input').click();
    await page.settle();
    expect(page.all('.tree li')).toHaveLength(9);
  });

  it('are compared with an earlier version, line by line', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=a.md`, ADMIN, answers);
    await page.until(() => page.text.includes('A report'));
    await page.type('o-artifact-pane select', 'old', 'change');
    await page.until(() => page.all('o-file-diff').length === 1);
    expect(page.url).toContain('compare=old');
    expect(page.find('.gone').textContent).toBe('# A draft');
    expect(page.find('.come').textContent).toBe('# A report');
    expect(page.text).toContain('Version 1 beside version 2');
    page.find('o-diff input').click();
    await page.settle();
    expect(page.all('o-file-diff tr')).toHaveLength(2);
    await page.type('o-artifact-pane select', '', 'change');
    await page.until(() => page.all('o-file-diff').length === 0);
  });

  it('show a page that a step wrote in a frame that may do nothing, or as its source', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts?path=f.html`, ADMIN, answers);
    await page.until(() => page.all('iframe').length === 1);
    expect(page.find('iframe').getAttribute('sandbox')).toBe('');
    expect(page.find('iframe').getAttribute('src')).toBe(
      `${BASE}/artifacts/id-f.html/content?disposition=inline`,
    );
    page.find('o-html input').click();
    await page.until(() => page.text.includes('<h1>Page</h1>'));
    expect(page.all('iframe')).toHaveLength(0);
  });

  it('ask the server at most twice when their tab is opened', async () => {
    page = await ConsolePage.open(`${BASE}/phases`, ADMIN, { ...answers, [`GET ${BASE}/logs`]: NO_LOG });
    const before = page.requests.length;
    page.control('Artifacts').click();
    await page.until(() => page.text.includes('A report'));
    expect(page.requests.slice(before).map(({ url }) => url)).toEqual([
      `${BASE}/artifacts`,
      `${BASE}/artifacts/id-a.md/content`,
    ]);
  });

  it('are read again when the run changes, and only then', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, {
      ...answers,
      [`GET ${BASE}/artifacts`]: ok({ run_id: RUN_ID, artifacts_by_phase: {}, total_count: 0 }),
    });
    expect(page.text).toContain('No artifacts yet');
    change();
    await page.settle();
    expect(page.sent(`GET ${BASE}/artifacts`)).toHaveLength(1);
    page.answer(`GET ${BASE}`, ok(aRun({ updated_at: '2026-11-22T12:00:09.000Z' })));
    page.answer(`GET ${BASE}/artifacts`, answers[`GET ${BASE}/artifacts`]);
    change();
    await page.until(() => page.text.includes('8 artifacts'));
  });

  it('say why they could not be read', async () => {
    page = await ConsolePage.open(`${BASE}/artifacts`, ADMIN, {
      ...answers,
      [`GET ${BASE}/artifacts`]: problem(500, 'Internal error'),
    });
    page.answer(`GET ${BASE}/artifacts`, answers[`GET ${BASE}/artifacts`]);
    await page.click('Try again');
    await page.until(() => page.text.includes('8 artifacts'));
  });
});
