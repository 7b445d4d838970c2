import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN } from '../../../testing/fixtures';

const AT = '2026-11-22T12:00:00.000Z';
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the secrets', () => {
  const secret = {
    ...{ secret_id: 's-1', name: 'NPM_TOKEN', profile: null, project: 'payments', updated_by: 'u-1' },
    ...{ created_at: AT, updated_at: AT, last_used_at: null },
  };

  it('are stored, given a new value and removed, and never shown', async () => {
    page = await ConsolePage.open('/settings/secrets', ADMIN, { 'GET /secrets': ok({ secrets: [secret] }) });
    expect(page.text).toContain('payments');
    page.answer('POST /secrets', ok(secret, 201));
    await page.type('#secret-name', 'npm token');
    await page.type('#secret-value', 'hunter2');
    await page.submit();
    expect(page.text).toContain('Capital letters, digits and underscores.');
    await page.type('#secret-name', 'OTHER');
    await page.submit();
    await page.until(() => page.sent('POST /secrets').length === 1);
    expect(page.sent('POST /secrets')[0]?.body).toEqual({
      ...{ name: 'OTHER', value: 'hunter2', profile: null, project: null },
    });
    await page.until(() => page.field('#secret-value').value === '');
    page.answer('PUT /secrets/s-1', problem(409, 'Not now.'));
    await page.click('Change');
    await page.type('#secret-value', 'hunter3');
    await page.submit();
    await page.until(() => page.text.includes('Not now.'));
    expect(page.field('#secret-value').value).toBe('hunter3');
    page.answer('DELETE /secrets/s-1', ok(null, 204));
    await page.click('Remove');
    page.confirm();
    await page.until(() => page.sent('DELETE /secrets/s-1').length === 1);
  });
});
