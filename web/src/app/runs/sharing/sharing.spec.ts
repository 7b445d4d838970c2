import { type ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, aRun, RUN_ID } from '../../../testing/fixtures';
import { AT, BASE, MORE, openRun } from '../../../testing/run-page';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('sharing and comments', () => {
  const ada = { user_id: 'u-1', name: 'Ada', email: 'ada@example.org' };
  const grace = { user_id: 'u-2', name: 'Grace', email: 'grace@example.org' };
  const comment = (id: string, change: object = {}) => ({
    ...{
      comment_id: id,
      run_id: RUN_ID,
      artifact_id: null,
      parent_id: null,
      author: grace,
      body: `**${id}**`,
    },
    ...{ mentions: [], created_at: AT, edited_at: null, ...change },
  });

  it('share the run with a person found by name, change what for, and end it', async () => {
    page = await openRun(aRun(), '', { ...ADMIN, permissions: [...ADMIN.permissions, 'runs:share'] });
    const share = { share_id: 's-1', person: grace, role: 'viewer', created_at: AT };
    page.answer(`GET ${BASE}/shares`, ok({ shares: [share] }));
    page.answer('GET /people', ok({ people: [ada] }));
    page.answer(`PUT ${BASE}/shares`, problem(400, 'The e-mail address is nobody’s who can sign in.'));
    await (await page.loader.getHarness(MORE)).open();
    page.control('Share').click();
    await page.until(() => page.text.includes('grace@example.org'));
    await page.type('o-share-dialog input[type=email]', 'ad');
    await page.until(() => page.all('datalist option').length === 1);
    await page.submit();
    await page.until(() => page.text.includes('nobody’s who can sign in'));
    expect(page.sent(`PUT ${BASE}/shares`)[0]?.body).toEqual({ email: 'ad', role: 'viewer' });
    expect(page.field('o-share-dialog input[type=email]').value).toBe('ad');
    page.answer(`PUT ${BASE}/shares`, ok(share));
    await page.type('select[aria-label="What Grace may do"]', 'editor', 'change');
    expect(page.sent(`PUT ${BASE}/shares`)[1]?.body).toEqual({ email: grace.email, role: 'editor' });
    page.answer(`DELETE ${BASE}/shares/s-1`, ok(null, 204));
    await page.click('Remove');
    await page.until(() => page.sent(`DELETE ${BASE}/shares/s-1`).length === 1);
  });

  it('show threads, keep what is typed when it is refused, answer, and delete one’s own', async () => {
    page = await openRun(aRun(), '/activity');
    page.answer(`GET ${BASE}/events`, ok({ events: [], next_after: null }));
    const said = [comment('c-1'), comment('c-2', { parent_id: 'c-1', author: ada, body: null })];
    page.answer(`GET ${BASE}/comments`, ok({ comments: said }));
    page.answer(`POST ${BASE}/comments`, problem(403, 'Not now.'));
    await page.go(`${BASE}/phases`);
    await page.go(`${BASE}/activity`);
    await page.until(() => page.all('o-comments strong').some((found) => found.textContent === 'c-1'));
    expect(page.text).toContain('This comment was deleted.');
    await page.click('Answer');
    await page.type('#comment', 'Yes, @grace@example.org.');
    await page.submit();
    await page.until(() => page.text.includes('Not now.'));
    expect(page.field('#comment').value).toBe('Yes, @grace@example.org.');
    page.answer(`POST ${BASE}/comments`, ok(comment('c-3'), 201));
    await page.submit();
    await page.until(() => page.field('#comment').value === '');
    expect(page.sent(`POST ${BASE}/comments`)[1]?.body).toEqual({
      body: 'Yes, @grace@example.org.',
      parent_id: 'c-1',
    });
    page.answer(`DELETE ${BASE}/comments/c-1`, ok(null, 204));
    await page.click('Delete');
    await page.until(() => page.sent(`DELETE ${BASE}/comments/c-1`).length === 1);
  });

  it('change one’s own comment, and offer it for no other', async () => {
    page = await openRun(aRun(), '/activity');
    page.answer(`GET ${BASE}/events`, ok({ events: [], next_after: null }));
    const mine = { ...ada, user_id: ADMIN.user_id };
    const said = [comment('c-1'), comment('c-2', { author: mine })];
    page.answer(`GET ${BASE}/comments`, ok({ comments: said }));
    await page.go(`${BASE}/phases`);
    await page.go(`${BASE}/activity`);
    await page.until(() => page.all('o-comments strong').some((found) => found.textContent === 'c-2'));
    const offered = page.all('o-comments button').filter(({ textContent }) => textContent.trim() === 'Edit');
    expect(offered).toHaveLength(1);
    await page.click('Edit');
    expect(page.field('#edit-comment').value).toBe('**c-2**');
    await page.type('#edit-comment', 'Better.');
    page.answer(`PATCH ${BASE}/comments/c-2`, problem(404, 'Comment not found: c-2'));
    await page.submit();
    await page.until(() => page.text.includes('Comment not found'));
    expect(page.field('#edit-comment').value).toBe('Better.');
    page.answer(
      `PATCH ${BASE}/comments/c-2`,
      ok(comment('c-2', { author: mine, body: 'Better.', edited_at: AT })),
    );
    await page.submit();
    await page.until(() => page.all('#edit-comment').length === 0);
    expect(page.sent(`PATCH ${BASE}/comments/c-2`)[1]?.body).toEqual({ body: 'Better.' });
  });
});
