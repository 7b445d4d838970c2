import { describe, expect, it } from '@jest/globals';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { GateVerdict } from '../domain/evidence.js';
import { voidVerdicts, type Judged } from '../domain/void.js';
import { inScope } from './scope.js';

const base = { id: 'g', severity: 'block', weight: 1, remedy: null } as const;
const secrets: GateDefinition = { ...base, kind: 'secrets', scope: 'all' };
const links: GateDefinition = { ...base, kind: 'links', artifact: 'docs/**' };
const prd: GateDefinition = {
  ...base,
  kind: 'artifact',
  artifact: 'PRD.md',
  minSize: 1,
  sections: [],
  schema: null,
};
const metric: GateDefinition = { ...base, kind: 'metric', metric: 'tests.total', min: 1, max: null };

const judged = (definition: GateDefinition, digests: Record<string, string | null>): Judged => ({
  gateId: 'g',
  definition,
  evidence: Object.entries(digests).map(([path, sha256]): GateVerdict['evidence'][number] => ({
    path,
    sha256,
    detail: null,
  })),
});

const reasons = (verdict: Judged, current: Record<string, string>): string[] =>
  voidVerdicts([verdict], new Map(Object.entries(current)), inScope).map(({ reason }) => reason);

describe('voidVerdicts', () => {
  it('lets a verdict stand while what it judged is the same', () => {
    expect(reasons(judged(secrets, { a: '1', b: '2' }), { b: '2', a: '1' })).toEqual([]);
  });

  it('voids a verdict when a judged artifact changed', () => {
    expect(reasons(judged(prd, { 'PRD.md': '1' }), { 'PRD.md': '2' })).toEqual([
      'PRD.md changed since it was judged.',
    ]);
  });

  it('voids a verdict when a judged artifact is gone', () => {
    expect(reasons(judged(prd, { 'PRD.md': '1' }), {})).toEqual(['PRD.md is gone since it was judged.']);
  });

  it('voids a verdict when an artifact in its scope was added, also one that found nothing to judge', () => {
    expect(reasons(judged(secrets, { a: '1' }), { a: '1', b: '2' })).toHaveLength(1);
    expect(reasons(judged(prd, {}), { 'PRD.md': '1' })).toEqual([
      'PRD.md was added since the gate was evaluated.',
    ]);
  });

  it('is not concerned with artifacts outside the scope', () => {
    expect(reasons(judged(prd, { 'PRD.md': '1' }), { 'PRD.md': '1', 'other.md': '2' })).toEqual([]);
    expect(reasons(judged(links, {}), { 'docs/a.png': '1', 'a.md': '2' })).toEqual([]);
    expect(reasons(judged(links, {}), { 'docs/a.md': '1' })).toHaveLength(1);
  });

  it('voids a metric only when its report is an artifact with another digest', () => {
    const verdict = judged(metric, { 'junit.xml': '1', reported: null });
    expect(reasons(verdict, { 'PRD.md': '1' })).toEqual([]);
    expect(reasons(verdict, { 'junit.xml': '2' })).toEqual(['junit.xml changed since it was judged.']);
  });
});

describe('inScope', () => {
  it('takes a path with the characters of a glob for itself', () => {
    expect(inScope({ ...prd, artifact: 'a[1].md' }, 'a[1].md')).toBe(true);
    expect(inScope({ ...prd, artifact: './PRD.md' }, 'PRD.md')).toBe(true);
    expect(inScope({ ...prd, artifact: '**/*.md' }, '.github/a.md')).toBe(true);
    expect(inScope({ ...prd, artifact: '*.md' }, 'docs/a.md')).toBe(false);
  });
});
