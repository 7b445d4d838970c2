import { describe, expect, it } from '@jest/globals';
import { artifact, evidence, GATE } from '../../../test/governance/phase-evidence.js';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { EvidenceArtifact } from '../domain/evidence.js';
import { evaluateGate } from './evaluate-gate.js';
import type { GateOf } from './verdict.js';

const artifactGate = (part: Partial<GateOf<'artifact'>>): GateDefinition => ({
  ...GATE,
  kind: 'artifact',
  artifact: 'PRD.md',
  minSize: 1,
  sections: [],
  schema: null,
  ...part,
});

describe('an artifact gate', () => {
  const judge = (gate: Partial<GateOf<'artifact'>>, ...artifacts: EvidenceArtifact[]) =>
    evaluateGate(artifactGate(gate), evidence({ artifacts }));

  it('passes with the digest of what it judged and no remedy', async () => {
    const prd = artifact('PRD.md', '# Scope\n\nAll of it.\n');
    const verdict = await judge({ remedy: 'Write it.' }, prd);
    expect(verdict).toMatchObject({
      status: 'passed',
      actual: '20 bytes',
      threshold: 'at least 1 byte',
      remedy: null,
    });
    expect(verdict.evidence).toEqual([{ path: 'PRD.md', sha256: prd.sha256, detail: null }]);
  });

  it('blocks as not measured where the artifact is missing', async () => {
    const verdict = await judge({}, artifact('other.md', 'x'));
    expect(verdict).toMatchObject({ status: 'blocked', actual: null, evidence: [] });
    expect(verdict.message).toContain('PRD.md is missing');
  });

  it('only warns with severity warn, and shows the remedy of the profile', async () => {
    const verdict = await judge({ severity: 'warn', remedy: 'Write the PRD.' });
    expect(verdict).toMatchObject({ status: 'warned', remedy: 'Write the PRD.' });
  });

  it.each([
    ['is empty', ''],
    ['white space', '   \n\n  '],
    ['fewer than 10 bytes', 'short'],
  ])('blocks an artifact that %s', async (words, content) => {
    const verdict = await judge({ minSize: 10 }, artifact('PRD.md', content));
    expect(verdict.status).toBe('blocked');
    expect(verdict.message).toContain(words);
  });

  it('finds sections by heading of any level, without case, numbering and colon', async () => {
    const text = '# 1. SCOPE\n\ntext\n\nRisks:\n------\n\n##### `Out` of  *scope*\n';
    const verdict = await judge({ sections: ['Scope', 'risks', 'Out of Scope'] }, artifact('PRD.md', text));
    expect(verdict.status).toBe('passed');
  });

  it('names missing sections, and takes no code or text for a heading', async () => {
    const text = '# Scope\n\n```\n# Risks\n```\n\nMilestones\n';
    const verdict = await judge({ sections: ['Scope', 'Risks', 'Milestones'] }, artifact('PRD.md', text));
    expect(verdict).toMatchObject({
      status: 'blocked',
      message: 'PRD.md lacks the sections Risks, Milestones',
    });
  });

  it('demands valid JSON of a .json artifact', async () => {
    expect((await judge({ artifact: '*.json' }, artifact('a.json', '\uFEFF{"a": 1}'))).status).toBe('passed');
    const broken = await judge({ artifact: '*.json' }, artifact('a.json', '{"a": NaN}'));
    expect(broken).toMatchObject({ status: 'blocked', message: 'a.json is not valid JSON' });
  });

  it('names the pointer at which a value breaks its schema', async () => {
    const schema = { properties: { tests: { items: { required: ['name'] } } } };
    const verdict = await judge(
      { artifact: 'q.json', schema },
      artifact('q.json', '{"tests":[{"name":"a"},{}]}'),
    );
    expect(verdict.status).toBe('blocked');
    expect(verdict.message).toBe("q.json breaks its schema at /tests/1: must have required property 'name'");
  });

  it('blocks with the reason where its schema cannot be compiled', async () => {
    const verdict = await judge(
      { artifact: 'q.json', schema: { $ref: 'https://example.org/other.json' } },
      artifact('q.json', '{}'),
    );
    expect(verdict.status).toBe('blocked');
    expect(verdict.message).toContain("the gate's schema is invalid");
  });

  it('stops a schema whose pattern backtracks without end', async () => {
    const schema = { type: 'string', pattern: '^(a+)+$' };
    const verdict = await judge({ artifact: 'q.json', schema }, artifact('q.json', `"${'a'.repeat(60)}!"`));
    expect(verdict.status).toBe('blocked');
    expect(verdict.message).toContain('takes too long');
  });

  it('demands of a glob that every match is complete', async () => {
    const verdict = await judge(
      { artifact: 'docs/**/*.md' },
      artifact('docs/a.md', 'x'),
      artifact('docs/b/c.md', ''),
    );
    expect(verdict).toMatchObject({ status: 'blocked', message: 'docs/b/c.md is empty' });
    expect(verdict.evidence).toHaveLength(2);
  });

  it('judges no JSON that is larger than what it reads', async () => {
    const verdict = await judge({ artifact: 'q.json' }, artifact('q.json', `"${'a'.repeat(6 * 1024 ** 2)}"`));
    expect(verdict.status).toBe('blocked');
    expect(verdict.message).toContain('larger than 5 MiB');
  });
});
