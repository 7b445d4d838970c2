import { Secret, TOTP } from 'otpauth';
import { AUDIENCE, CLIENT, OidcIssuer } from '../../server/test/support/oidc-issuer.js';
import { ADMIN, expect, expectAccessibleInBoth, signIn, test as base } from './support/console-test.js';
import { freePort, TestServer } from './support/server.js';

/** A server whose people sign in at a real provider on loopback. */
const test = base.extend<object, { provider: { issuer: OidcIssuer; console: string } }>({
  provider: [
    async ({}, use) => {
      const issuer = await OidcIssuer.start();
      const port = await freePort();
      // By another name than the provider's, so that each is another site for the browser.
      const origin = `http://localhost:${String(port)}`;
      issuer.serve(origin);
      issuer.people.set('grace', {
        ...{ email: 'grace@provider.example', email_verified: true, name: 'Grace Hopper', groups: ['devs'] },
      });
      issuer.people.set('mallory', { email: 'm@provider.example', email_verified: true, groups: ['guests'] });
      const server = await TestServer.start({
        admin: ADMIN,
        port,
        environment: {
          ...{ OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
          ...{ OIDC_AUDIENCE: AUDIENCE, OIDC_ROLE_MAPPING: 'devs=member,ops=admin' },
          OIDC_SCOPES: 'openid profile email groups',
        },
      });
      await use({ issuer, console: `${origin}/orchestrator/` });
      await server.stop();
      await issuer.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test('somebody signs in at the identity provider, comes back to the page they wanted, and signs out there', async ({
  page,
  provider: { issuer, console: home },
}) => {
  await page.goto(`${home}settings/account`);
  const button = page.getByRole('link', { name: `Sign in with ${new URL(issuer.url).host}` });
  await expect(button).toBeVisible();
  await expectAccessibleInBoth(page);
  await button.click();
  await page.getByPlaceholder('Enter any login').fill('grace');
  await page.getByPlaceholder('and password').fill('x');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL(`${home}settings/account`);
  await expect(page.getByText('grace@provider.example')).toBeVisible();
  await page.reload();
  await expect(page.getByText('grace@provider.example')).toBeVisible();

  await page.getByRole('button', { name: 'Grace Hopper' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(page).toHaveURL(`${home}login`);
  await page.goto(`${home}runs`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('somebody whom no group admits is told so', async ({ page, provider: { console: home } }) => {
  await page.goto(`${home}login`);
  await page.getByRole('link', { name: 'Sign in with' }).click();
  await page.getByPlaceholder('Enter any login').fill('mallory');
  await page.getByPlaceholder('and password').fill('x');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toContainText('None of your groups');
  await expectAccessibleInBoth(page);
});

test('a second factor is set up, asked for, and turned off again', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.console}settings/account`);
  const panel = page.getByRole('region', { name: 'Second factor' });
  await panel.getByLabel('Password').fill(ADMIN.password);
  await panel.getByRole('button', { name: 'Set it up' }).click();
  const picture = panel.getByRole('img', { name: 'QR code for your authenticator' });
  await expect(picture).toBeVisible();
  // It was decoded: a picture that the policy or the browser refuses has no width.
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await expectAccessibleInBoth(page);
  const secret = (await panel.locator('.secret').textContent()) ?? '';
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await panel.getByLabel('Code').fill(totp.generate());
  await panel.getByRole('button', { name: 'Turn it on' }).click();
  await expect(panel.locator('.codes li')).toHaveCount(10);
  const codes = await panel.locator('.codes li').allTextContents();
  await expectAccessibleInBoth(page);
  await panel.getByRole('button', { name: 'I have them' }).click();

  await page.getByRole('button', { name: ADMIN.email.split('@')[0] ?? '' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectAccessibleInBoth(page);
  await page.getByLabel('Code of your authenticator').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').first()).toContainText('code is not right');
  await page.getByLabel('Code of your authenticator').fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();

  await page.goto(`${server.console}settings/account`);
  await expect(panel.getByText('9 recovery codes are left')).toBeVisible();
  await panel.getByLabel('Password').fill(ADMIN.password);
  await panel.getByRole('button', { name: 'Turn it off' }).click();
  await expect(panel.getByRole('button', { name: 'Set it up' })).toBeVisible();
});

test('a program is let in by its code', async ({ page, server, request }) => {
  const begun = (await (
    await request.post(`${server.url}/auth/device`, { data: { client_name: 'a program' } })
  ).json()) as { device_code: string; verification_uri_complete: string };
  await page.goto(begun.verification_uri_complete);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('a program', { exact: true })).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByText('It is signed in.')).toBeVisible();
  const answer = await request.post(`${server.url}/auth/device/token`, {
    data: { device_code: begun.device_code },
  });
  expect(answer.status()).toBe(200);
});
