import { code, document, percent, plain, plural, table } from '../domain/markdown.js';
import { PRACTICE_RULES } from '../domain/practice-rules.js';
import { BADGE_FOLDER } from './badges.js';
import type { State } from './document.js';
import type { Outcome, TestFacts } from './outcome.js';

export interface HardeningFacts {
  readonly before: State | null;
  readonly after: State;
  readonly outcome: Outcome;
  readonly project: string | null;
}

/** HARDENING.md: what was measured, what changed, what remains, and how to come to the same result. */
export function hardeningMarkdown({ before, after, outcome, project }: HardeningFacts): string {
  return document(
    '# Hardening',
    project === null ? '' : `Project: ${plain(project)}`,
    ['hygiene', 'tests', 'vulnerable-packages', 'possible-secrets']
      .map((name) => `![${name.replaceAll('-', ' ')}](${BADGE_FOLDER}/${name}.svg)`)
      .join(' '),
    '## Scores',
    table(['Measure', 'Before', 'After'], scores(before, after, outcome)),
    notes(outcome),
    '## What changed',
    changes(outcome),
    '## What remains',
    remaining(outcome),
    '## How to reproduce',
    reproduce(before, after),
  );
}

const value = (number: number | null | undefined): string =>
  number === null || number === undefined ? 'not measured' : `${number}`;

function scores(
  before: State | null,
  after: State,
  { tests, secrets, vulnerable }: Outcome,
): readonly (readonly string[])[] {
  const share = (state: State | null): string => percent(state?.hygiene.score ?? null);
  const row = (name: string, pick: (facts: TestFacts | null) => string): readonly string[] => [
    name,
    pick(tests.before),
    pick(tests.after),
  ];
  return [
    ['Hygiene score', share(before), share(after)],
    ['Hygiene findings', value(hygieneCount(before)), value(hygieneCount(after))],
    [
      `Findings of the ${PRACTICE_RULES.length} practice rules`,
      value(before?.practices),
      value(after.practices),
    ],
    row('Tests', (facts) => value(facts?.total)),
    row('Tests passed', (facts) => value(facts?.passed)),
    row('Tests failed', (facts) => value(facts?.failed)),
    row('Line coverage', (facts) => percent(facts?.coverage ?? null)),
    [
      'Possible secrets',
      value(secrets),
      value(after.hygiene.score === null ? null : after.hygiene.counts.secret),
    ],
    ['Vulnerable packages', value(vulnerable), 'not measured again'],
  ];
}

const hygieneCount = (state: State | null): number | null =>
  state === null || state.hygiene.score === null ? null : state.hygiene.total;

function notes({ tests, auditNote }: Outcome): string {
  const lines = [];
  if (tests.reason !== null) lines.push(`- Tests: not measured, because ${plain(tests.reason)}.`);
  if (auditNote !== null) lines.push(`- Vulnerable packages: ${plain(auditNote)}`);
  return lines.join('\n');
}

const changes = ({ commits }: Outcome): string =>
  commits
    .map(
      ({ commit, title, files }) =>
        `- ${code(commit.slice(0, 12))} ${plain(title)} (${plural(files, 'file')})`,
    )
    .join('\n') ||
  'Nothing: every automatic remedy found its place in order, or left it alone. The implementation report says why.';

const remaining = ({ remaining: items }: Outcome): string =>
  items
    .map(
      ({ id, title, severity, occurrences, remedy }) =>
        `- **${plain(title)}** (${id}, ${severity}, ${plural(occurrences, 'occurrence')}): ${plain(remedy)}`,
    )
    .join('\n') || 'Nothing that was found.';

function reproduce(before: State | null, after: State): string {
  const base = before === null ? 'an unknown commit' : code(before.commit);
  return [
    `1. Clone the repository at the base commit, ${base}.`,
    '2. Apply the patch of the run: `git apply --index changes.patch`.',
    `3. The result is the same as the measured commit, ${code(after.commit)}, without this file.`,
    '4. Run the profile `self_hardening` on it again: the automatic items of the plan are gone.',
  ].join('\n');
}
