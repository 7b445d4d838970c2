import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceArtifact, GateVerdict, Measurement } from '../../src/governance/domain/evidence.js';
import { evaluateGate } from '../../src/governance/gates/evaluate-gate.js';
import { ARTIFACT_TYPES, type ProfileDefinition } from '../../src/workflow/domain/profile.js';
import { compileProfile } from '../../src/workflow/profile-compiler.js';
import { HardeningRun } from './support/hardening-run.js';

const PROFILE = join(import.meta.dirname, '../../src/workflow/profiles/self_hardening.yaml');
const TOKEN = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');

async function profile(): Promise<ProfileDefinition> {
  const compiled = compileProfile(await readFile(PROFILE, 'utf8'), 'yaml');
  if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.errors));
  return compiled.definition;
}

/** The verdict of every gate of the profile on what a run made, by `phase/gate`. */
async function verdicts(run: HardeningRun): Promise<ReadonlyMap<string, GateVerdict>> {
  const measurements = run.output.flatMap((line): Measurement[] => {
    const { metric } = JSON.parse(line) as { metric?: { name: string; value: number } };
    return metric === undefined ? [] : [{ ...metric, source: 'reported', sha256: null, stepId: null }];
  });
  const found = new Map<string, GateVerdict>();
  for (const { name, gates } of (await profile()).phases) {
    const artifacts = await Promise.all(run.made.filter(({ phase }) => phase === name).map(evidenceOf));
    const usage = { costUsd: '0', tokens: 0, unpricedCalls: 0 };
    const evidence = { artifacts, earlier: [], measurements, usage, approvals: [], now: new Date() };
    for (const gate of gates) found.set(`${name}/${gate.id}`, await evaluateGate(gate, evidence));
  }
  return found;
}

async function evidenceOf({ path, file }: { path: string; file: string }): Promise<EvidenceArtifact> {
  const content = await readFile(file);
  return {
    path,
    type: ARTIFACT_TYPES[0],
    mediaType: 'text/plain',
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    createdAt: new Date(),
    read: (limit) => Promise.resolve(content.subarray(0, limit)),
  };
}

const withStatus = (
  found: ReadonlyMap<string, GateVerdict>,
  status: GateVerdict['status'],
): readonly string[] => [...found].filter(([, verdict]) => verdict.status === status).map(([name]) => name);

describe('the gates of the profile self_hardening', () => {
  let run: HardeningRun | null = null;

  afterEach(async () => {
    await run?.remove();
    run = null;
  });

  it('block nothing on a repository with a leaked secret and a failing test, and warn of both', async () => {
    run = await HardeningRun.create({
      'package.json': JSON.stringify({ name: 'demo', scripts: { test: 'node --test' } }),
      'a.js': `const token = '${TOKEN}';\n`,
      'a.test.js': "require('node:test').test('fails', () => { throw new Error('no'); });\n",
    });
    const found = await verdicts(await run.all());
    expect(withStatus(found, 'blocked')).toEqual([]);
    expect(withStatus(found, 'warned')).toEqual(
      expect.arrayContaining([
        'discovery/no_secrets_in_repository',
        'test/tests_pass',
        'discovery/no_critical_vulnerabilities',
      ]),
    );
    expect(found.get('test/tests_pass')?.actual).toBe('0');
  }, 60_000);

  it('block nothing on an empty repository, and say what is not measured', async () => {
    run = await HardeningRun.create({});
    const found = await verdicts(await run.all());
    expect(withStatus(found, 'blocked')).toEqual([]);
    for (const gate of ['discovery/hygiene_score', 'discovery/no_high_vulnerabilities', 'test/tests_pass']) {
      expect([gate, found.get(gate)?.status, found.get(gate)?.actual]).toEqual([gate, 'warned', null]);
    }
  }, 60_000);

  it('block a phase whose deliverable is missing', async () => {
    run = await HardeningRun.create({ 'a.js': 'let a;\n' });
    await run.phase('design');
    const found = await verdicts(run);
    expect(withStatus(found, 'blocked')).toEqual(
      expect.arrayContaining(['discovery/inventory_complete', 'test/results_complete']),
    );
    expect(found.get('design/plan_complete')?.status).toBe('passed');
  });
});
