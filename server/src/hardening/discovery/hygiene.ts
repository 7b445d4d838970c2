import type { HygieneFinding, HygieneKind } from '../../governance/domain/evidence.js';
import { hygieneScore, type HygieneCounts } from '../../governance/domain/scores.js';
import { inspectFolder } from '../../governance/hygiene/inspect-folder.js';
import type { Effort, Finding, RemedyId, Severity } from '../domain/finding.js';
import { findingId } from '../domain/finding.js';
import { notebookOutputs } from '../implementation/remedies/notebook-outputs.js';
import { removeJunk } from '../implementation/remedies/remove-junk.js';
import { proposeSafely } from '../implementation/remedy.js';
import type { Repository } from '../repository.js';

export interface HygieneResult {
  /** All but the secrets, which have a report of their own. */
  readonly findings: readonly Finding[];
  readonly counts: HygieneCounts;
  /** Findings of all kinds, also those that are not listed. */
  readonly total: number;
  /** 0–1; null where there was nothing to inspect. */
  readonly score: number | null;
  readonly notes: readonly string[];
}

interface Rule {
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: string;
  readonly effort: Effort;
}

const RULES: Readonly<Record<HygieneKind, Rule>> = {
  secret: {
    severity: 'critical',
    title: 'Possible secret',
    remedy: 'Revoke it and take it out of the file.',
    effort: 'hours',
  },
  large_file: {
    severity: 'moderate',
    title: 'Large file',
    remedy: 'Keep large files outside of the repository, or in Git LFS.',
    effort: 'hours',
  },
  leftover: {
    severity: 'moderate',
    title: 'Leftover mark or placeholder',
    remedy: 'Finish the place and remove the mark.',
    effort: 'hours',
  },
  broken_link: {
    severity: 'moderate',
    title: 'Relative link that leads nowhere',
    remedy: 'Correct the link, or add what it leads to.',
    effort: 'minutes',
  },
  empty_or_duplicate: {
    severity: 'low',
    title: 'Empty or duplicate file',
    remedy: 'Remove it, or refer to the other copy.',
    effort: 'minutes',
  },
  notebook_output: {
    severity: 'low',
    title: 'Notebook with results',
    remedy: 'Commit notebooks without their results.',
    effort: 'minutes',
  },
  orphan: {
    severity: 'low',
    title: 'File that a tool left behind',
    remedy: 'Remove it and ignore its kind.',
    effort: 'minutes',
  },
};

/** Inspects the work tree by the rules of the hygiene score. */
export async function inspectHygiene(repository: Repository): Promise<HygieneResult> {
  const inspection = await inspectFolder(repository.root, { limits: { files: repository.files.length } });
  const mended = await mendedPlaces(repository);
  const { counts, notes, omittedFindings } = inspection;
  const listed = inspection.findings.filter(({ kind }) => kind !== 'secret');
  return {
    findings: listed.map((finding) => toFinding(finding, mended)),
    counts,
    total: inspection.findings.length + omittedFindings,
    score: hygieneScore(inspection).score,
    notes:
      omittedFindings > 0
        ? [...notes, `${omittedFindings} further findings are counted but not listed.`]
        : notes,
  };
}

type Mended = ReadonlyMap<string, RemedyId>;

async function mendedPlaces(repository: Repository): Promise<Mended> {
  const mended = new Map<string, RemedyId>();
  for (const remedy of [removeJunk, notebookOutputs]) {
    const { changes } = await proposeSafely(remedy, repository);
    for (const { path } of changes) mended.set(path, remedy.id);
  }
  return mended;
}

/** A folder (path with `/` at the end) is mended where a file in it is. */
function remedyFor(path: string, mended: Mended): RemedyId | null {
  if (!path.endsWith('/')) return mended.get(path) ?? null;
  return [...mended].find(([file]) => file.startsWith(path))?.[1] ?? null;
}

function toFinding({ kind, path, line, message }: HygieneFinding, mended: Mended): Finding {
  const rule = `hygiene/${kind}`;
  const automatic = kind === 'orphan' || kind === 'notebook_output' ? remedyFor(path, mended) : null;
  const id = findingId(rule, path, line);
  return { ...RULES[kind], id, rule, area: 'hygiene', path, line, detail: message, automatic };
}
