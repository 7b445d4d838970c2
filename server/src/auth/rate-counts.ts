export interface Consumption {
  readonly key: string;
  /** Minutes since the epoch. */
  readonly minute: number;
  readonly used: number;
}

/** Where the processes of an installation share how much each caller has used. */
export abstract class RateCounts {
  /** Adds what was consumed and returns what all processes together have. */
  abstract add(consumed: readonly Consumption[]): Promise<Consumption[]>;

  /** Forgets the minutes before this one. */
  abstract deleteBefore(minute: number): Promise<void>;

  /** Lets go of what a connection needs. */
  abstract close(): Promise<void>;
}
