/** A move that the state machine does not have: always a bug, never an answer to a caller. */
export class IllegalTransition extends Error {
  constructor(what: string, from: string, to: string) {
    super(`${what} cannot go from ${from} to ${to}`);
    this.name = 'IllegalTransition';
  }
}

/**
 * Checks one move of a state machine.
 * @throws IllegalTransition when the table does not have it
 */
export function assertTransition<S extends string>(
  what: string,
  table: Readonly<Record<S, readonly S[]>>,
  from: S,
  to: S,
): void {
  if (!table[from].includes(to)) throw new IllegalTransition(what, from, to);
}
