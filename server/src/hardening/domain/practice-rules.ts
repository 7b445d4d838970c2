import { findingId, type Effort, type Finding, type RemedyId, type Severity } from './finding.js';

interface Rule {
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly effort: Effort;
}

/** What a well-kept repository has, and what it costs to have it. */
const RULES = {
  no_tests: {
    severity: 'high',
    title: 'No automatic tests',
    detail: 'No file looks like a test, by the customs of the common languages.',
    remedy: 'Write tests for the behaviour that must not break, and a command that runs them.',
    effort: 'days',
  },
  no_readme: {
    severity: 'moderate',
    title: 'No README',
    detail: 'There is no README at the root.',
    remedy: 'Say in a README what this is, how to install it and how to use it.',
    effort: 'hours',
  },
  no_licence: {
    severity: 'moderate',
    title: 'No licence',
    detail: 'There is no licence file at the root and no manifest names a licence.',
    remedy: 'Choose a licence and add its text as LICENSE; without one nobody may use the work.',
    effort: 'minutes',
  },
  no_ci: {
    severity: 'moderate',
    title: 'No continuous integration',
    detail: 'No configuration of a known CI system was found.',
    remedy: 'Let a CI system run the tests on every change.',
    effort: 'hours',
  },
  no_security_policy: {
    severity: 'low',
    title: 'No security policy',
    detail: 'There is no SECURITY.md.',
    remedy: 'Say in SECURITY.md where to report a vulnerability and how soon to expect an answer.',
    effort: 'minutes',
  },
  no_lock_file: {
    severity: 'moderate',
    title: 'Dependencies are not pinned',
    detail: 'The package has dependencies but no lock file.',
    remedy: 'Commit the lock file of the package manager.',
    effort: 'minutes',
  },
  unpinned_action: {
    severity: 'moderate',
    title: 'Workflow uses an action by a name that can move',
    detail: 'A tag or branch of another owner can be changed to other code.',
    remedy: 'Name the full commit of the action, with the version as a comment.',
    effort: 'minutes',
  },
  workflow_write_access: {
    severity: 'moderate',
    title: 'Workflow states no permissions',
    detail: 'Its token may be able to write to the repository.',
    remedy: 'State the permissions the jobs need, contents: read where that is enough.',
    effort: 'minutes',
  },
  pull_request_target: {
    severity: 'high',
    title: 'Workflow runs on pull_request_target with a checkout',
    detail: "It may run a stranger's code with the repository's secrets.",
    remedy: 'Use pull_request, or do not check out or run the code of the pull request.',
    effort: 'hours',
  },
  container_as_root: {
    severity: 'moderate',
    title: 'Container runs as root',
    detail: 'The Dockerfile never sets another USER.',
    remedy: 'Create a user in the image and switch to it with USER.',
    effort: 'minutes',
  },
  moving_base_image: {
    severity: 'low',
    title: 'Base image without a fixed version',
    detail: 'FROM names no tag, or latest.',
    remedy: 'Name the version of the base image, or its digest.',
    effort: 'minutes',
  },
  symlink_outside: {
    severity: 'moderate',
    title: 'Symbolic link leads out of the repository',
    detail: 'What it leads to is another thing on every machine.',
    remedy: 'Replace the link by the file, or by a link within the repository.',
    effort: 'minutes',
  },
  gitignore_incomplete: {
    severity: 'low',
    title: 'Build results and local settings are not ignored',
    detail: 'Entries for the ecosystems of this repository are missing in .gitignore.',
    remedy: 'Add the missing entries.',
    effort: 'minutes',
  },
  no_editorconfig: {
    severity: 'low',
    title: 'Layout of files is not written down',
    detail: 'There is no .editorconfig.',
    remedy: 'Write the measured layout into .editorconfig.',
    effort: 'minutes',
  },
  no_gitattributes: {
    severity: 'low',
    title: 'Line ends depend on the system',
    detail: 'There is no .gitattributes.',
    remedy: 'Let .gitattributes say that text has the same line ends everywhere (* text=auto).',
    effort: 'minutes',
  },
  no_final_newline: {
    severity: 'low',
    title: 'Source file without a line end at its end',
    detail: 'The last line has no line end.',
    remedy: 'Add the line end.',
    effort: 'minutes',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type PracticeRule = keyof typeof RULES;

/** Every rule that is about the repository as a whole: what the share of good practice is counted over. */
export const PRACTICE_RULES: readonly PracticeRule[] = Object.keys(RULES).filter(
  (name): name is PracticeRule => Object.hasOwn(RULES, name),
);

export interface Place {
  readonly path?: string;
  readonly line?: number;
  /** Instead of the rule's own words. */
  readonly detail?: string;
  readonly automatic?: RemedyId;
}

/** A finding of a practice rule. */
export function practiceFinding(rule: PracticeRule, place: Place = {}): Finding {
  const path = place.path ?? null;
  const line = place.line ?? null;
  const name = `practices/${rule}`;
  const { severity, title, detail, remedy, effort } = RULES[rule];
  const text = place.detail ?? detail;
  const base = { id: findingId(name, path, line), rule: name, area: 'practices' as const };
  return {
    ...base,
    severity,
    title,
    path,
    line,
    detail: text,
    remedy,
    effort,
    automatic: place.automatic ?? null,
  };
}
