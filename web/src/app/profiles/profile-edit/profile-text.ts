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
