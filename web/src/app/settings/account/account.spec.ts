import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN } from '../../../testing/fixtures';

const AT = '2026-11-22T12:00:00.000Z';
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the account', () => {
  it('changes the password', async () => {
    page = await ConsolePage.open('/settings', ADMIN, { 'POST /auth/password': ok(null, 204) });
    expect(page.url).toBe('/settings/account');
    await page.type('#current', 'the present one');
    await page.type('#next', 'a longer and better one');
    await page.submit();
    expect(page.text).toContain('The password was changed.');
    expect(page.field('#next').value).toBe('');
  });

  it('shows why the password was refused', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'POST /auth/password': problem(403, 'The present password is wrong.'),
    });
    await page.type('#current', 'x');
    await page.type('#next', 'a longer and better one');
    await page.submit();
    expect(page.text).toContain('The present password is wrong.');
  });
});

describe('the second factor', () => {
  const OFF = ok({ enabled: false, enabled_at: null, recovery_codes_left: 0 });
  const ON = ok({ enabled: true, enabled_at: AT, recovery_codes_left: 10 });
  const enrolment = {
    secret: 'JBSWY3DPEHPK3PXP',
    otpauth_url: 'otpauth://totp/x',
    qr_svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  };

  it('is set up with a picture and a code, and shows the recovery codes once', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'GET /auth/totp': OFF,
      'POST /auth/totp': ok(enrolment, 201),
      'POST /auth/totp/confirm': ok({ recovery_codes: ['k7m2p-x9q4w', 'aaaaa-bbbbb'] }),
    });
    await page.type('#totp-password', 'correct horse');
    await page.click('Set it up');
    await page.until(() => page.text.includes('JBSWY3DPEHPK3PXP'));
    expect(page.find('img.qr').getAttribute('src')).toMatch(/^data:image\/svg\+xml,%3Csvg/);
    page.answer('GET /auth/totp', ON);
    await page.type('#totp-code', '123456');
    await page.click('Turn it on');
    await page.until(() => page.text.includes('k7m2p-x9q4w'));
    expect(page.sent('POST /auth/totp/confirm')[0]?.body).toEqual({ code: '123456' });
    await page.click('I have them');
    expect(page.text).not.toContain('k7m2p-x9q4w');
    await page.until(() => page.text.includes('10 recovery codes are left'));
  });

  it('is turned off with the password, and says why not', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'GET /auth/totp': ON,
      'POST /auth/totp/remove': problem(403, 'The current password is not right.'),
    });
    await page.type('#totp-password', 'wrong');
    await page.click('Turn it off');
    await page.until(() => page.text.includes('The current password is not right.'));
    page.answer('POST /auth/totp/remove', ok(null, 204));
    page.answer('GET /auth/totp', OFF);
    await page.click('Turn it off');
    await page.until(() => page.text.includes('Set it up'));
  });
});
