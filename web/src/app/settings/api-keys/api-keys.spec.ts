import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN } from '../../../testing/fixtures';

const AT = '2026-11-22T12:00:00.000Z';
const KEY = {
  api_key_id: 'k-1',
  name: 'nightly',
  prefix: 'orc_Xw3',
  scopes: null,
  created_at: AT,
  expires_at: null,
  last_used_at: null,
};
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('API keys', () => {
  it('are shown once, when they are made', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, { 'GET /api-keys': ok({ api_keys: [] }) });
    expect(page.text).toContain('No API keys');
    page.answer('POST /api-keys', ok({ ...KEY, key: 'orc_secret' }, 201));
    page.answer('GET /api-keys', ok({ api_keys: [KEY] }));
    await page.type('#key-name', 'nightly');
    await page.type('#key-expires', '2030-01-01');
    await page.submit();
    expect(page.text).toContain('orc_secret');
    expect(page.sent('POST /api-keys')[0]?.body).toMatchObject({ name: 'nightly' });
    await page.click('I have it');
    expect(page.text).not.toContain('orc_secret');
    expect(page.text).toContain('all that I may');
  });

  it('are revoked after a question', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, {
      'GET /api-keys': ok({ api_keys: [KEY] }),
      'DELETE /api-keys/k-1': ok(null, 204),
    });
    await page.click('Revoke');
    expect(page.text).toContain('Revoke nightly?');
    await page.click('Back');
    await page.until(() => page.all('mat-dialog-container').length === 0);
    expect(page.sent('DELETE /api-keys/k-1')).toEqual([]);
    await page.click('Revoke');
    page.answer('GET /api-keys', ok({ api_keys: [] }));
    page.confirm();
    await page.until(() => page.text.includes('No API keys'));
    expect(page.sent('DELETE /api-keys/k-1')).toHaveLength(1);
  });

  it('that could not be made or revoked say why', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, {
      'GET /api-keys': ok({ api_keys: [KEY] }),
      'POST /api-keys': problem(400, 'Too many keys.'),
      'DELETE /api-keys/k-1': problem(404, 'The key is gone.'),
    });
    await page.type('#key-name', 'x');
    await page.submit();
    expect(page.text).toContain('Too many keys.');
    await page.click('Revoke');
    page.confirm();
    await page.until(() => page.text.includes('The key is gone.'));
  });
});
