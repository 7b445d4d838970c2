import { makeBadge } from 'badge-maker';
import type { State } from './document.js';
import type { Outcome } from './outcome.js';

export interface DocumentFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly content: string;
}

export const BADGE_FOLDER = '.hardening';

/** Badges of what was measured; a measure that is missing says so in grey. */
export function badges(after: State, { tests, vulnerable, secrets }: Outcome): readonly DocumentFile[] {
  const { score } = after.hygiene;
  const facts = tests.after;
  const passed =
    facts === null || facts.passed === null || facts.total === null
      ? null
      : `${facts.passed}/${facts.total} passed`;
  return [
    badge('hygiene', score === null ? null : `${Math.round(score * 100)}%`, score),
    badge('tests', passed, facts?.passRate ?? null),
    badge('vulnerable packages', vulnerable === null ? null : `${vulnerable}`, share(vulnerable)),
    badge('possible secrets', secrets === null ? null : `${secrets}`, share(secrets)),
  ];
}

/** None is good, any is bad. */
const share = (count: number | null): number | null => (count === null ? null : count === 0 ? 1 : 0);

function badge(label: string, message: string | null, share: number | null): DocumentFile {
  const content = makeBadge({
    label,
    message: message ?? 'not measured',
    color: colour(share),
    style: 'flat',
  });
  return { path: `${BADGE_FOLDER}/${label.replaceAll(' ', '-')}.svg`, content: `${content}\n` };
}

function colour(share: number | null): string {
  if (share === null) return 'lightgrey';
  if (share >= 0.95) return 'brightgreen';
  return share >= 0.7 ? 'yellow' : 'red';
}
