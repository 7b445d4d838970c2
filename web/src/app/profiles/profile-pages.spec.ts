import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN } from '../../testing/fixtures';
import { aProfile, aProfileDetail } from '../../testing/profile-fixtures';

const AT = '2026-11-22T12:00:00.000Z';
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the pages of profiles', () => {
  it('are listed with what they need', async () => {
    page = await ConsolePage.open('/profiles', ADMIN, {
      'GET /profiles': ok({ profiles: [aProfile()], total: 1, limit: 200, offset: 0 }),
    });
    expect(page.find('tbody').textContent).toContain('required');
    expect(page.control('Start a run').getAttribute('href')).toBe('/runs/new?profile=self_hardening');
  });

  it('are found by their words, which stand in the address', async () => {
    page = await ConsolePage.open('/profiles?q=mends', ADMIN, {
      'GET /profiles': ok({
        profiles: [
          aProfile({ name: 'zebra', title: 'Zebra', description: 'Counts stripes.' }),
          aProfile({ name: 'yak', title: 'A yak' }),
          aProfile(),
        ],
        ...{ total: 3, limit: 200, offset: 0 },
      }),
    });
    const titles = () =>
      page.all('tbody td a:not([mat-button])').map(({ textContent }) => textContent.trim());
    expect(titles().filter((title) => title !== 'Start a run')).toEqual(['A yak', 'Self-hardening']);
    await page.type('input.find', 'stripes');
    await page.until(() => page.url === '/profiles?q=stripes');
    expect(titles()).toContain('Zebra');
    await page.type('input.find', 'nothing of this');
    await page.until(() => page.text.includes('No profile has these words'));
  });

  it('are read with their steps, gates, versions and text', async () => {
    const versions = [2, 1].map((version) => ({
      name: 'self_hardening',
      version,
      digest: 'd',
      origin: 'api',
      published_by: null,
      published_at: AT,
    }));
    page = await ConsolePage.open('/profiles/self_hardening', ADMIN, {
      'GET /profiles/self_hardening': ok(aProfileDetail()),
      'GET /profiles/self_hardening/versions': ok({ versions, total: 2, limit: 200, offset: 0 }),
      'GET /profiles/self_hardening/versions/2': ok({ ...aProfileDetail(), version: 2, title: 'Second' }),
    });
    for (const words of [
      'scan',
      '30 m 00 s',
      'no secrets in any output',
      'blocks',
      'optional',
      'parameters.deep',
    ]) {
      expect(page.text).toContain(words);
    }
    await page.until(() => page.text.includes('name: self_hardening'));
    await page.click('v2');
    await page.until(() => page.text.includes('Second'));
  });

  it('that do not exist say so, and failures a way on', async () => {
    page = await ConsolePage.open('/profiles/nothing', ADMIN);
    expect(page.text).toContain('There is no such profile');
    page.answer('GET /profiles/broken', problem(500, 'Internal error'));
    await page.go('/profiles/broken');
    page.answer('GET /profiles/broken', ok({ ...aProfileDetail(), name: 'broken' }));
    await page.click('Try again');
    expect(page.text).toContain('no secrets in any output');
  });
});
