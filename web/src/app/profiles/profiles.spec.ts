import { acceptCompletion, startCompletion } from '@codemirror/autocomplete';
import { EditorView } from '@codemirror/view';
import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, MEMBER } from '../../testing/fixtures';
import { aProfileDetail } from '../../testing/profile-fixtures';
import type { PhaseDefinitionDto } from '../api/generated/models';
import { declaredName, STARTER } from './profile-edit/profile-text';
import schema from '../../../../server/src/workflow/schema/profile.schema.json';
import { layoutProfile } from './profile-view/profile-layout';

const PUBLISHER = { ...ADMIN, permissions: [...ADMIN.permissions, 'profiles:publish' as const] };
const VALID = ok({ valid: true, errors: [] });
const WRONG = ok({
  valid: false,
  errors: [{ line: 3, column: 8, path: '/title', message: 'must be a text' }],
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
  'GET /schemas/profile.json': ok(schema),
};

let page: ConsolePage;
afterEach(() => {
  page.close();
  sessionStorage.clear();
});
/** The field as its library has it: a browser types into it, and jsdom cannot. */
function editor(): EditorView {
  const view = EditorView.findFromDOM(page.find('.cm-editor'));
  if (view === null) throw new Error('There is no editor');
  return view;
}
const written = () => editor().state.doc.toString();
async function write(text: string): Promise<void> {
  editor().dispatch({
    changes: { from: 0, to: editor().state.doc.length, insert: text },
    selection: { anchor: text.length },
  });
  await page.settle();
}
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
    expect(page.find('.cm-lintRange-error').textContent).toBe('1');
    expect(page.control('Review and publish').disabled).toBe(true);
    await page.click('Line 3, column 8');
    expect(editor().state.selection.main.head).toBe(SOURCE.indexOf('One'));
    page.answer('POST /profiles/validate', problem(422, 'It is too large.'));
    await write(SOURCE.replace('One', 'Three'));
    await page.until(() => verdict().includes('It is too large.'));
  });

  it('shows what it changes, publishes, and keeps what is typed where that is refused', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await page.until(() => verdict().includes('valid'));
    expect(page.control('Review and publish').disabled).toBe(true);
    await write(SOURCE.replace('One', 'Two'));
    await page.until(() => !page.control('Review and publish').disabled);
    page.answer('PUT /profiles/self_hardening', problem(400, 'Not now.'));
    await page.click('Review and publish');
    await page.until(() => page.find('o-compare-texts').textContent.includes('title: Two'));
    expect(page.sent('PUT /profiles/self_hardening')).toEqual([]);
    await page.click('Publish version 2');
    expect(page.text).toContain('Not now.');
    await page.go('/profiles/self_hardening');
    await page.go('/profiles/self_hardening/edit');
    expect(written()).toContain('Two');
    await page.click('See the changes');
    await page.click('Write');
    await page.until(() => !page.control('Review and publish').disabled);
    page.answer('PUT /profiles/self_hardening', ok({ version: 2 }, 201));
    await page.click('Review and publish');
    await page.click('Publish version 2');
    expect(page.sent('PUT /profiles/self_hardening').at(-1)?.body).toContain('Two');
    expect(page.url).toBe('/profiles/self_hardening');
  });

  it('says where somebody else published since the draft was begun', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await write(SOURCE.replace('One', 'Two'));
    expect(page.all('.notice')).toEqual([]);
    await page.go('/profiles');
    page.answer('GET /profiles/self_hardening', ok({ ...aProfileDetail(), source: 'name: x\n', version: 3 }));
    await page.go('/profiles/self_hardening/edit');
    expect(page.find('.notice').textContent).toContain('version 3 was published since');
    expect(written()).toContain('Two');
  });

  it('proposes what the schema lets stand at the cursor, and writes what is chosen', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await write(`${SOURCE}repo`);
    startCompletion(editor());
    await page.until(() => page.all('.cm-tooltip-autocomplete li').length > 0);
    const [proposed] = page.all('.cm-tooltip-autocomplete li');
    expect(proposed?.textContent).toContain('repository');
    // The list takes no choice in its first moment, lest one be made by who types on.
    await page.until(() => acceptCompletion(editor()));
    expect(written()).toBe(`${SOURCE}repository: `);
    await page.until(() => page.all('.cm-tooltip-autocomplete li').length === 3);
  });

  it('goes back to what is published', async () => {
    page = await ConsolePage.open('/profiles/self_hardening/edit', PUBLISHER, answers);
    await write('nonsense');
    await page.click('Undo all');
    expect(written()).toBe(SOURCE);
  });

  it('has nothing to write in where there is no such profile', async () => {
    page = await ConsolePage.open('/profiles/gone/edit', PUBLISHER, answers);
    expect(page.text).toContain('There is no such profile');
    expect(page.all('.cm-editor')).toEqual([]);
  });

  it('begins a new profile with one that is valid', async () => {
    page = await ConsolePage.open('/profiles/new', PUBLISHER, answers);
    expect(written()).toBe(STARTER);
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
