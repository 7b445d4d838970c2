/** Two phases of commands that pass. */
export const QUICK = `
apiVersion: orchestrator/v1
name: quick_check
title: Quick check
description: Builds and documents a small project.
repository: none
phases:
  - name: build
    title: Build
    steps:
      - id: compile
        agent: builder
        command: |
          for i in $(seq 1 50); do echo "compiled module $i"; done
          printf '# Build report\\n\\nAll **50** modules compiled.\\n' > "$ORCHESTRATOR_ARTIFACTS/build_report.md"
          printf '{"modules": 50}' > "$ORCHESTRATOR_ARTIFACTS/build.json"
    gates:
      - { id: report_present, artifact: build_report.md, min_size: 10 }
  - name: document
    title: Document
    steps:
      - id: notes
        agent: writer
        command: 'echo "# Release notes" > "$ORCHESTRATOR_ARTIFACTS/release_notes.md"'
`;

/** A phase whose gate blocks, then one that needs an approval. */
export const BLOCKED = `
apiVersion: orchestrator/v1
name: blocked_check
title: Blocked check
description: Its tests report half of what the gate asks for.
repository: none
phases:
  - name: test
    title: Test
    steps:
      - id: unit
        agent: qa
        command: |
          echo '{"metric":{"name":"tests.pass_rate","value":0.5}}' >> "$ORCHESTRATOR_OUTPUT"
          echo 'running 48 tests'
    gates:
      - { id: tests_pass, metric: tests.pass_rate, min: 1, remedy: Fix the failing tests. }
      - { id: coverage, metric: coverage.lines, min: 0.8, severity: warn }
  - name: review
    title: Review
    steps:
      - id: signoff
        approval: { role: member, count: 1, self_approval: true }
`;

/** A phase that only an agent, or a person in its place, can do. */
export const BY_HAND = `
apiVersion: orchestrator/v1
name: by_hand
title: By hand
description: Needs a document that no command writes.
repository: none
phases:
  - name: planning
    title: Planning
    steps:
      - id: plan
        agent: architect
        worker: { labels: [planner] }
        artifacts:
          - { path: PRD.md, type: prd, required: true, description: What this is for }
    gates:
      - { id: plan_complete, artifact: PRD.md, min_size: 10 }
`;
