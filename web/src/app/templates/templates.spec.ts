import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, aRun, MEMBER } from '../../testing/fixtures';
import { aProfile } from '../../testing/profile-fixtures';
import type { Template } from './templates-gateway';

const PROFILES = ok({
  profiles: [aProfile({ repository: 'none' })],
  total: 1,
  limit: 200,
  offset: 0,
});
const MAKER = { ...ADMIN, permissions: [...ADMIN.permissions, 'templates:manage' as const] };
const aTemplate = (change: Partial<Template> = {}): Template => ({
  name: 'weekly',
  description: 'The usual one.',
  profile: 'self_hardening',
  owner_id: 'u-1',
  created_at: '2026-11-22T12:00:00.000Z',
  updated_at: '2026-11-22T12:00:00.000Z',
  preset: { intake: 'Look at everything.', project_name: 'payments', metadata: { team: 'core' } },
  ...change,
});
const LISTED = ok({ templates: [aTemplate()] });
const answers = { 'GET /profiles': PROFILES, 'GET /templates': LISTED };

let page: ConsolePage;
afterEach(() => {
  page.close();
  sessionStorage.clear();
});

describe('templates', () => {
  it('say what they give, and are changed by who made them and administrators', async () => {
    page = await ConsolePage.open('/templates', MAKER, answers);
    expect(page.text).toContain('intake, project name, metadata');
    expect(page.find('a[aria-label="Change weekly"]').getAttribute('href')).toBe('/templates/weekly');
    page.close();
    const other = { ...MEMBER, permissions: [...MEMBER.permissions, 'templates:manage' as const] };
    page = await ConsolePage.open('/templates', other, answers);
    expect(page.all('a[aria-label="Change weekly"]')).toEqual([]);
    expect(page.text).toContain('Start a run');
  });

  it('that do not exist say so, and lead to those that do', async () => {
    page = await ConsolePage.open('/templates/gone', MAKER, answers);
    expect(page.text).toContain('There is no such template');
    expect(document.title).toBe('No such template · Orchestrator');
    expect(page.control('All templates').getAttribute('href')).toBe('/templates');
    expect(page.all('form')).toEqual([]);
  });

  it('are made with what was typed, and keep it when the server refuses', async () => {
    page = await ConsolePage.open('/templates/new', MAKER, answers);
    page.answer('PUT /templates/nightly', problem(400, 'The profile is gone.'));
    expect(page.control('Make the template').disabled).toBe(true);
    await page.type('#template-name', 'nightly');
    await page.type('o-profile-choice select', 'self_hardening');
    await page.type('textarea', 'Harden it.');
    await page.submit();
    expect(page.text).toContain('The profile is gone.');
    expect(page.field('textarea').value).toBe('Harden it.');
    page.answer('PUT /templates/nightly', ok(aTemplate({ name: 'nightly' }), 201));
    await page.submit();
    expect(page.sent('PUT /templates/nightly').at(-1)?.body).toEqual({
      profile: 'self_hardening',
      description: null,
      preset: { intake: 'Harden it.', auto_advance: true },
    });
    expect(page.url).toBe('/templates');
  });

  it('keep what the form has no field for when they are changed', async () => {
    page = await ConsolePage.open('/templates/weekly', MAKER, {
      ...answers,
      'GET /templates/weekly': ok(aTemplate()),
      'PUT /templates/weekly': ok(aTemplate()),
    });
    expect(page.field('textarea').value).toBe('Look at everything.');
    await page.type('textarea', 'Look at half.');
    await page.submit();
    expect(page.sent('PUT /templates/weekly')[0]?.body).toEqual({
      profile: 'self_hardening',
      description: 'The usual one.',
      preset: {
        metadata: { team: 'core' },
        project_name: 'payments',
        intake: 'Look at half.',
        auto_advance: false,
      },
    });
  });

  it('are removed after a question', async () => {
    page = await ConsolePage.open('/templates', MAKER, { ...answers, 'DELETE /templates/weekly': ok(null) });
    await page.click('Remove');
    expect(page.sent('DELETE /templates/weekly')).toEqual([]);
    page.answer('GET /templates', ok({ templates: [] }));
    page.confirm();
    await page.until(() => page.text.includes('No templates'));
    expect(page.sent('DELETE /templates/weekly')).toHaveLength(1);
  });

  it('fill in the form of a new run, where what is emptied stays empty', async () => {
    page = await ConsolePage.open('/templates', MAKER, {
      ...answers,
      'GET /templates/weekly': ok(aTemplate()),
      'POST /runs': ok(aRun(), 201),
    });
    await page.click('Start a run');
    expect(page.url).toBe('/runs/new?template=weekly');
    expect(page.field('textarea').value).toBe('Look at everything.');
    await page.type('textarea', '');
    await page.submit();
    expect(page.sent('POST /runs')[0]?.body).toMatchObject({
      template: 'weekly',
      profile: 'self_hardening',
      project_name: 'payments',
      intake: null,
    });
  });

  it('begin with what was typed for a run', async () => {
    page = await ConsolePage.open('/runs/new?profile=self_hardening', MAKER, answers);
    await page.type('textarea', 'From the form of a run.');
    await page.click('Save as a template');
    expect(page.url).toBe('/templates/new');
    expect(page.field('textarea').value).toBe('From the form of a run.');
  });
});
