/** A limit on how many steps execute at once, and that is reached. */
export interface Full {
  readonly kind: 'profile' | 'label';
  readonly name: string;
  readonly limit: number;
}

/** What a step waits for that found no place, as a sentence; the same as long as it waits for the same. */
export function fullSentence(step: string, { kind, name, limit }: Full): string {
  const places = limit === 1 ? 'The one place' : `All ${String(limit)} places`;
  const verb = limit === 1 ? 'is' : 'are';
  return kind === 'profile'
    ? `${places} of profile ${name} ${verb} taken by other steps; step ${step} starts when one of them ends.`
    : `${places} for label ${name} ${verb === 'is' ? 'was' : 'were'} taken when a worker last asked; one is given step ${step} when a place is free.`;
}
