import schema from '../../../../../server/src/workflow/schema/profile.schema.json';
import { choicesAt } from './schema-choices';
import { placeAt } from './yaml-place';

/** The bar stands for the cursor. */
function at(text: string) {
  return placeAt(text.replace('|', ''), text.indexOf('|'));
}
function proposed(text: string): string[] {
  const place = at(text);
  return place === null ? [] : choicesAt(schema, place).map(({ label }) => label);
}

const HEAD = `apiVersion: orchestrator/v1
name: x
phases:
  - name: build
    steps:
      - id: compile
        command: >
          echo "{ a: 1"

          name: of nothing
`;

describe('the place in a document', () => {
  it('is known by indentation, beneath keys and in items of lists', () => {
    expect(at('ti|')).toMatchObject({ path: [], kind: 'key', typed: 'ti' });
    expect(at(`${HEAD}        t|`)).toMatchObject({ path: ['phases', null, 'steps', null], typed: 't' });
    expect(at(`${HEAD}        t|`)?.taken).toEqual(['command', 'id']);
    expect(at(`${HEAD}      - |`)).toMatchObject({ path: ['phases', null, 'steps', null], kind: 'item' });
    expect(at(`${HEAD}    g|`)).toMatchObject({
      path: ['phases', null],
      typed: 'g',
      taken: ['steps', 'name'],
    });
    expect(at(`${HEAD}  - |`)).toMatchObject({ path: ['phases', null], kind: 'item', taken: [] });
    expect(at('phases:\n- |')).toMatchObject({ path: ['phases', null], kind: 'item' });
    expect(at('repository: op|')).toMatchObject({ path: ['repository'], kind: 'value', typed: 'op' });
  });

  it('counts the keys that stand beneath', () => {
    expect(at('name: x\n|\ntitle: y\nphases:\n  - name: z\n')?.taken).toEqual(['name', 'title', 'phases']);
  });

  it('is known between braces and brackets', () => {
    const gate = `${HEAD}    gates:\n      - { id: "a, b", `;
    expect(at(`${gate}art|`)).toMatchObject({ kind: 'key', typed: 'art', taken: ['id'], inline: true });
    expect(at(`${gate}approval: { role: |`)).toMatchObject({ kind: 'value', typed: '' });
    expect(at(`${gate}approval: { role: |`)?.path.slice(-3)).toEqual([null, 'approval', 'role']);
    expect(at(`${gate}x: 1 }|`)).toBeNull();
    expect(at('a:\n  needs: [b, c|')).toMatchObject({ path: ['a', 'needs', null], typed: 'c' });
  });

  it('is nowhere in comments, in long texts and between words', () => {
    expect(at('name: x # on|')).toBeNull();
    expect(at('# na|')).toBeNull();
    expect(at(HEAD.replace('name: of', 'name|: of'))).toBeNull();
    expect(at('two words|')).toBeNull();
    expect(at('name:|')).toBeNull();
  });
});

describe('what may stand at a place of a profile', () => {
  it('are the keys that are not there yet', () => {
    expect(proposed('name: x\nti|')).toContain('title');
    expect(proposed('name: x\nti|')).not.toContain('name');
    expect(proposed(`${HEAD}        |`)).toContain('needs');
    expect(proposed(`${HEAD}        needs: []\n        retry:\n          |`)).toEqual([
      'attempts',
      'backoff',
    ]);
  });

  it('is no second way to do a step that has one', () => {
    expect(proposed(`${HEAD}        |`)).not.toContain('llm');
    expect(proposed(`${HEAD}      - |`)).toEqual(expect.arrayContaining(['command', 'llm', 'approval']));
  });

  it('are the values of a choice, and examples of others', () => {
    expect(proposed('repository: |')).toEqual(['required', 'optional', 'none']);
    expect(proposed('apiVersion: |')).toEqual(['orchestrator/v1']);
    expect(proposed(`${HEAD}    optional: |`)).toEqual(['true', 'false']);
    expect(proposed(`${HEAD}        timeout: |`)).toEqual(['30m', '30s', '10m', '3d']);
    expect(proposed(`${HEAD}    gates:\n      - { id: a, severity: |`)).toEqual(['block', 'warn']);
  });

  it('is nothing where the schema says nothing', () => {
    expect(proposed('title: |')).toEqual(['Release check']);
    expect(proposed('nonsense:\n  |')).toEqual([]);
    expect(proposed('parameters:\n  type: |')).toEqual([]);
  });

  it('is written with what follows it', () => {
    const text = (place: string, label: string) => {
      const found = at(place);
      return found && choicesAt(schema, found).find((choice) => choice.label === label)?.text;
    };
    expect(text('na|', 'name')).toBe('name: ');
    expect(text('ph|', 'phases')).toBe('phases:\n  - ');
    expect(text(`${HEAD}        re|`, 'retry')).toBe('retry:\n          ');
    expect(text(`${HEAD}        ne|`, 'needs')).toBe('needs: ');
    expect(text('phases: [{ name: a, st|', 'steps')).toBe('steps: ');
  });
});
