import type { HygieneFinding } from './domain/evidence.js';

/** One result of a SARIF log. */
export interface SarifFinding {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Relative to the root of what was looked at; null where the finding is about no file. */
  readonly path: string | null;
  /** From 1; null is the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

export interface SarifTool {
  readonly name: string;
  readonly version: string | null;
}

const LEVELS: Readonly<Partial<Record<HygieneFinding['kind'], SarifFinding['level']>>> = {
  secret: 'error',
  leftover: 'warning',
  large_file: 'warning',
  broken_link: 'warning',
};

/** A hygiene finding as a SARIF finding: secrets are errors, what only litters is a note. */
export const sarifOfHygiene = ({ kind, path, line, message }: HygieneFinding): SarifFinding => ({
  rule: `hygiene/${kind}`,
  level: LEVELS[kind] ?? 'note',
  path,
  line,
  message,
});

/** A minimal SARIF 2.1.0 log of one run of a tool, ready for `JSON.stringify`. */
export function toSarif(tool: SarifTool, findings: readonly SarifFinding[]) {
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  const index = new Map(rules.map((rule, position) => [rule, position]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            ...(tool.version === null ? {} : { version: tool.version }),
            rules: rules.map((id) => ({ id })),
          },
        },
        results: findings.map((finding) => resultOf(finding, index.get(finding.rule) ?? 0)),
      },
    ],
  } as const;
}

const resultOf = ({ rule, level, path, line, message }: SarifFinding, ruleIndex: number) => ({
  ruleId: rule,
  ruleIndex,
  level,
  message: { text: message },
  ...(path === null
    ? {}
    : {
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
              ...(line === null ? {} : { region: { startLine: line } }),
            },
          },
        ],
      }),
});
