import { ConsolePage, ok } from '../../../testing/console-page';
import { ADMIN } from '../../../testing/fixtures';

const AT = '2026-11-22T12:00:00.000Z';
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the audit list', () => {
  const entry = (seq: number) => ({
    ...{ seq, at: AT, actor_id: null, actor_name: null, via: null, action: 'POST /auth/login', status: 401 },
    ...{ target: '/auth/login eve@example.org', result: 'refused', address: '192.0.2.7', user_agent: 'curl' },
    hash: '00',
  });

  it('is narrowed, read on, verified and exported', async () => {
    page = await ConsolePage.open('/settings/audit', ADMIN, {
      'GET /audit': ok({ entries: [entry(9)], next_before: 9 }),
      'GET /audit/verify': ok({ intact: false, entries: 4, broken_at: 5, head: null }),
    });
    for (const words of ['nobody known', 'eve@example.org', 'refused (401)', '192.0.2.7']) {
      expect(page.text).toContain(words);
    }
    page.answer('GET /audit', ok({ entries: [entry(8)], next_before: null }));
    await page.click('Show older');
    await page.until(() => page.all('tbody tr').length === 2);
    expect(page.sent('GET /audit').at(-1)?.params.get('before')).toBe('9');
    await page.type('#audit-result', 'refused', 'change');
    await page.until(() => page.sent('GET /audit').at(-1)?.params.get('result') === 'refused');
    expect(page.url).toBe('/settings/audit?result=refused');
    expect(page.sent('GET /audit').at(-1)?.params.has('before')).toBe(false);
    expect(page.find('a[download]').getAttribute('href')).toContain(
      '/audit/export?format=csv&result=refused',
    );
    await page.click('Verify the list');
    await page.until(() => page.text.includes('Entry 5 was changed'));
  });
});
