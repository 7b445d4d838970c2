/** Notes in the ledger, outside every workspace, that a try began and ended; between them it works for a moment. */
const worked = (seconds: number, more = 'true'): string =>
  [
    `note() { printf '{"what":"%s","run":"%s","phase":"%s","step":"%s","attempt":%s,"try":"%s","at":%s}\\n' "$1" "$ORCHESTRATOR_RUN_ID" "$ORCHESTRATOR_PHASE" "$ORCHESTRATOR_STEP" "$ORCHESTRATOR_ATTEMPT" "$ORCHESTRATOR_STEP_ATTEMPT_ID" "$(date +%s%3N)" >> "$CHAOS_LEDGER"; }`,
    'note start',
    `sleep ${seconds}`,
    more,
    'echo "$ORCHESTRATOR_STEP_ATTEMPT_ID" > "$ORCHESTRATOR_STEP.txt"',
    'echo "# $ORCHESTRATOR_STEP" > "$ORCHESTRATOR_ARTIFACTS/$ORCHESTRATOR_STEP.md"',
    `printf '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":1000,"output_tokens":100}}\\n' >> "$ORCHESTRATOR_OUTPUT"`,
    'note done',
  ].join('\n');

/** Asks for another try the first time that a step of an attempt comes here. */
const FAILS_FIRST =
  'mark="$CHAOS_LEDGER.$ORCHESTRATOR_RUN_ID.$ORCHESTRATOR_ATTEMPT"; test -e "$mark" || { touch "$mark"; exit 75; }';

interface Step {
  readonly id: string;
  readonly needs?: readonly string[];
}

/** The profiles that the harness drives, by name. @param ledger file that every step appends to */
export function profiles(ledger: string): Readonly<Record<string, object>> {
  const step = ({ id, needs = [] }: Step, seconds: number, more?: string): object => ({
    id,
    agent: 'worker',
    needs,
    command: worked(seconds, more),
    env: { CHAOS_LEDGER: ledger },
    retry: { attempts: 4, backoff: '1s' },
  });
  const phase = (name: string, steps: readonly object[], gates: readonly object[] = []): object => ({
    name,
    title: name,
    steps,
    gates,
  });
  const signoff = { id: 'signoff', needs: ['draft'], approval: { role: 'member', self_approval: true } };
  const all: Readonly<Record<string, readonly object[]>> = {
    chaos_line: ['one', 'two', 'three'].map((name) =>
      phase(name, [step({ id: name }, 0.4)], [{ id: 'delivered', artifact: `${name}.md` }]),
    ),
    chaos_parallel: [
      phase('fan', [
        ...['a', 'b', 'c', 'd'].map((id, n) => step({ id }, 0.3 + n / 2)),
        step({ id: 'join', needs: ['a', 'b', 'c', 'd'] }, 0.1),
      ]),
      phase('after', [step({ id: 'last' }, 0.2)]),
    ],
    chaos_retry: [
      phase('unsteady', [step({ id: 'again' }, 0.2, FAILS_FIRST)]),
      phase('long', [step({ id: 'slow' }, 3)]),
    ],
    chaos_approval: [
      phase('write', [step({ id: 'draft' }, 0.3), signoff]),
      phase('publish', [step({ id: 'print' }, 0.3)]),
    ],
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, phases]) => [
      name,
      { apiVersion: 'orchestrator/v1', name, title: name, repository: 'none', phases },
    ]),
  );
}
