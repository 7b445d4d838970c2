import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, MEMBER } from '../../testing/fixtures';
import { aProfileDetail } from '../../testing/profile-fixtures';
import type { PhaseDefinitionDto } from '../api/generated/models';
import { declaredName, offsetOf, STARTER } from './profile-edit/profile-text';
import { layoutProfile } from './profile-view/profile-layout';

const PUBLISHER = { ...ADMIN, permissions: [...ADMIN.permissions, 'profiles:publish' as const] };
const VALID = ok({ valid: true, errors: [] });
const WRONG = ok({
  valid: false,
  errors: [{ line: 3, column: 7, path: '/title', message: 'must be a text' }],
});
const SOURCE = 'apiVersion: orchestrator/v1\nname: self_hardening\ntitle: One\n';
const answers = {
  'GET /profiles/self_hardening': ok({ ...aProfileDetail(), source: SOURCE }),
  'GET /profiles/self_hardening/versions': ok({
    versions: [2, 1].map((version) => ({
      ...{ name: 'self_hardening', version, digest: 'ab', origin: 'api', published_by: null },
      published_at: '2026-11-22T12:00:00.000Z',
    })),
    total: 2,
    limit: 200,
    offset: 0,
  }),
  'POST /profiles/validate': VALID,
};

let page: ConsolePage;
afterEach(() => {
  page.close();
  sessionStorage.clear();
});
const write = (text: string) => page.type('textarea', text);
const verdict = () => page.find('#profile-verdict').textContent;

describe('a profile', () => {
  it('is drawn, and compared with another version', async () => {
    page = await ConsolePage.open('/profiles/self_hardening', PUBLISHER, {
      ...answers,
      'GET /profiles/self_hardening/versions/2': ok({
        ...aProfileDetail(),
        version: 2,
        source: SOURCE.replace('One', 'Two'),
      }),
    });
    expect(page.find('o-profile-graph svg').getAttribute('aria-label')).toBe('Discovery: scan');
    await page.type('.compare select', '2', 'change');
    expect(page.url).toBe('/profiles/self_hardening?against=2');
    await page.until(() => page.text.includes('title: Two'));
    expect(page.text).toContain('From version 2 to version 1');
  });

  it('is changed only by those who may publish', async () => {
    page = await ConsolePage.open('/profiles/self_hardening', MEMBER, answers);
    expect(page.all('a[href$="/edit"]')).toEqual([]);
    page.close();
    page = await ConsolePage.open('/profiles/self_hardening', PUBLISHER, answers);
    expect(page.all('a[href$="/edit"]')).toHaveLength(1);
  });
});

describe('the editor of profiles', () => {
  it('checks what is typed, marks the lines that are wrong, and goes there', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    page.answer('POST /profiles/validate', WRONG);
    await write(SOURCE.replace('One', '1'));
    await page.until(() => verdict().includes('One thing is wrong'));
    expect(page.all('.gutter .bad').map(({ textContent }) => textContent)).toEqual(['3']);
    expect(page.control('Publish').disabled).toBe(true);
    await page.click('Line 3, column 7');
    expect(page.field('textarea').selectionStart).toBe(SOURCE.indexOf('One') - 1);
    page.answer('POST /profiles/validate', problem(422, 'It is too large.'));
    await write(SOURCE.replace('One', 'Three'));
    await page.until(() => verdict().includes('It is too large.'));
  });

  it('publishes, and keeps what is typed where that is refused', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await page.until(() => verdict().includes('valid'));
    expect(page.control('Publish').disabled).toBe(true);
    await write(SOURCE.replace('One', 'Two'));
    await page.until(() => !page.control('Publish').disabled);
    page.answer('PUT /profiles/self_hardening', problem(400, 'Not now.'));
    await page.click('Publish');
    expect(page.text).toContain('Not now.');
    await page.go('/profiles/self_hardening');
    await page.go('/profiles/self_hardening/edit');
    expect(page.field('textarea').value).toContain('Two');
    await page.click('See the changes');
    await page.until(() => page.find('o-compare-texts').textContent.includes('title: Two'));
    await page.click('Write');
    await page.until(() => !page.control('Publish').disabled);
    page.answer('PUT /profiles/self_hardening', ok({ version: 2 }, 201));
    await page.click('Publish');
    expect(page.sent('PUT /profiles/self_hardening').at(-1)?.body).toContain('Two');
    expect(page.url).toBe('/profiles/self_hardening');
  });

  it('goes back to what is published', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await write('nonsense');
    await page.click('Undo all');
    expect(page.field('textarea').value).toBe(SOURCE);
  });

  it('begins a new profile with one that is valid', async () => {
    page = await ConsolePage.open('/profiles/new', PUBLISHER, answers);
    expect(page.field('textarea').value).toBe(STARTER);
    page.answer('PUT /profiles/my_profile', ok({ version: 1 }, 201));
    page.answer('GET /profiles/my_profile', ok({ ...aProfileDetail(), name: 'my_profile' }));
    await page.until(() => !page.control('Publish').disabled);
    await page.click('Publish');
    expect(page.url).toBe('/profiles/my_profile');
  });
});

describe('the text of a profile', () => {
  it('names itself, in YAML and JSON', () => {
    expect(declaredName(STARTER)).toBe('my_profile');
    expect(declaredName('name: "x_1" # why\n')).toBe('x_1');
    expect(declaredName('{"apiVersion": "v1", "name": "abc"}')).toBe('abc');
    expect(declaredName('phases:\n  - name: build\n')).toBeNull();
  });

  it('has a place for each line and column', () => {
    expect(offsetOf('ab\ncd\n', 2, 2)).toBe(4);
    expect(offsetOf('ab', 9, 9)).toBe(2);
  });
});

describe('the graph of a profile', () => {
  const phase = (steps: readonly (readonly [id: string, needs: string[]])[]): PhaseDefinitionDto => ({
    ...{ name: 'p', title: 'P', optional: false, when: null, agent_ids: [], gates: [] },
    steps: steps.map(([id, needs]) => ({
      ...{ id, needs, agent: id, executor: 'command', when: null, timeout_seconds: 1, attempts: 1 },
    })),
  });

  it('puts every step right of what it needs, and none upon another', () => {
    const { phases, width, height } = layoutProfile([
      phase([
        ['a', []],
        ['b', []],
        ['c', ['a', 'b']],
        ['d', ['c', 'a']],
      ]),
      phase([]),
    ]);
    const [boxes, empty] = phases;
    const x = Object.fromEntries(boxes?.steps.map((step) => [step.id, step.x]) ?? []);
    expect(x['a']).toBe(x['b']);
    expect(x['c']).toBeGreaterThan(x['b'] ?? 0);
    expect(x['d']).toBeGreaterThan(x['c'] ?? 0);
    expect(new Set(boxes?.steps.map((step) => `${step.x}/${step.y}`)).size).toBe(4);
    expect(boxes?.edges).toHaveLength(4);
    expect(empty?.x).toBeGreaterThan((boxes?.x ?? 0) + (boxes?.width ?? 0));
    expect(width).toBeGreaterThan((empty?.x ?? 0) + (empty?.width ?? 0));
    expect(height).toBeGreaterThan(Math.max(...(boxes?.steps.map(({ y }) => y) ?? [])) + 30);
  });
});
