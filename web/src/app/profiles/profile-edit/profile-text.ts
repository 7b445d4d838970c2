/** What a new profile begins with: it is valid as it stands. */
export const STARTER = `apiVersion: orchestrator/v1
name: my_profile
title: My profile
description: What it is for.
repository: optional
phases:
  - name: build
    title: Build
    steps:
      - id: compile
        agent: builder
        command: |
          echo '# Report' > "$ORCHESTRATOR_ARTIFACTS/report.md"
    gates:
      - { id: report_present, artifact: report.md, remedy: Write the report. }
`;

/** The name that a definition gives itself, YAML or JSON; null where it has none. */
export function declaredName(text: string): string | null {
  const yaml = /^name:[ \t]*["']?([a-z][a-z0-9_]*)["']?[ \t]*(?:#.*)?$/m.exec(text)?.[1];
  return yaml ?? /"name"\s*:\s*"([a-z][a-z0-9_]*)"/.exec(text)?.[1] ?? null;
}

/** Where a line and column, both from 1, stand in a text; the nearest place that there is. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, Math.max(line - 1, 0)).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + Math.max(column - 1, 0), text.length);
}
