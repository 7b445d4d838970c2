import axe, { type RunOnly } from 'axe-core';
import {
  type APIRequestContext,
  test as base,
  expect,
  type Page,
  type PlaywrightWorkerArgs,
} from '@playwright/test';
import { TestServer } from './server.js';

export const ADMIN = { email: 'ada@example.org', password: 'correct horse battery' };

/** Journeys ask more often than people do. */
const UNLIMITED = { RATE_LIMIT_PER_MINUTE: '100000', RATE_LIMIT_BURST: '10000' };

/** A server for as long as it is used. */
export async function withServer(use: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await TestServer.start({ admin: ADMIN, environment: UNLIMITED });
  await use(server);
  await server.stop();
}

/** Journeys on one server with an administrator; `page` is not signed in yet. */
export const test = base.extend<{ api: APIRequestContext }, { server: TestServer }>({
  server: [async ({}, use) => withServer(use), { scope: 'worker', timeout: 120_000 }],
  api: async ({ playwright, server }, use) => {
    const api = await signedIn(playwright, server);
    await use(api);
    await api.dispose();
  },
});

export { expect };

/** Requests as the administrator; whoever asked for it disposes of it. */
export async function signedIn(
  playwright: PlaywrightWorkerArgs['playwright'],
  server: TestServer,
): Promise<APIRequestContext> {
  const anonymous = await playwright.request.newContext({ baseURL: server.url });
  const answer = await anonymous.post('/auth/login', { data: ADMIN });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  await anonymous.dispose();
  return await playwright.request.newContext({
    baseURL: server.url,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
}

export async function signIn(page: Page, server: TestServer): Promise<void> {
  await page.goto(server.console);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
}

/** Publishes a profile and answers its name. */
export async function publish(api: APIRequestContext, name: string, yaml: string): Promise<string> {
  const answer = await api.put(`/profiles/${name}`, {
    headers: { 'Content-Type': 'application/yaml' },
    data: yaml,
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return name;
}

/** Creates a run that goes on by itself, and answers its id. */
export async function startRun(
  api: APIRequestContext,
  profile: string,
  project: string,
  intake: string | null = null,
): Promise<string> {
  const data = { profile, project_name: project, intake, auto_advance: true };
  const answer = await api.post('/runs', { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { run_id: string }).run_id;
}

const WCAG: RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Of the rules, these alone depend on colours. */
const COLOURS: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** No violation of WCAG 2.2 AA in either look of the page as it stands, without reloading it; it is left in the light one. */
export async function expectAccessibleInBoth(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  await look(page, 'dark');
  expect(await violations(page, COLOURS)).toEqual([]);
  await look(page, 'light');
  expect(await violations(page, WCAG)).toEqual([]);
}

/** Shows the page in this look, and waits until nothing fades from the other any more. */
async function look(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  );
  await page.waitForFunction(() =>
    document.getAnimations().every(({ effect }) => effect?.getComputedTiming().endTime === Infinity),
  );
}

/** Of the console alone: what a preview frames is a user's own. */
const violations = (page: Page, runOnly: RunOnly): Promise<string[]> =>
  page.evaluate(async (rules) => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const { violations: found } = await checker.run({ runOnly: rules, iframes: false });
    return found.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
    );
  }, runOnly);
