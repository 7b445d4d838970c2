import { Injectable } from '@nestjs/common';

export interface SealedText {
  readonly id: string;
  readonly sealed: string;
}

/** Where a feature keeps what the cipher has sealed. */
export interface SealedStore {
  all(): Promise<readonly SealedText[]>;
  /** What the text is sealed for. */
  contextOf(id: string): string;
  /** Writes the same value anew, unless it was changed meanwhile. */
  reseal(text: SealedText, anew: string): Promise<void>;
}

/** Everything that has to be sealed anew when SECRET_KEY changes; features add theirs when they start. */
@Injectable()
export class SealedStores {
  private readonly stores: SealedStore[] = [];

  get all(): readonly SealedStore[] {
    return this.stores;
  }

  add(store: SealedStore): void {
    this.stores.push(store);
  }
}
