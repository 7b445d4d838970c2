import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { SecretCipher } from '../secrets/secret-cipher.js';
import { chainOf, type ModelWish } from './domain/chain.js';
import { ledgerName, type ProviderKind } from './domain/provider-kind.js';
import { languageModel, type StreamingModel } from './language-models.js';
import { environmentProvider, storedProvider, type Provider } from './provider.js';
import { ProvidersRepository } from './providers.repository.js';

/** A model that can be called now. */
export interface CallableModel {
  readonly kind: ProviderKind;
  /** What the ledger and the price table call the provider. */
  readonly provider: string;
  readonly model: string;
  readonly call: StreamingModel;
  /** Its key and the parts of it; masked wherever text is kept. */
  readonly secrets: readonly string[];
}

/** Finds the models that may do a step, with their keys. */
@Injectable()
export class ProviderDirectory {
  constructor(
    private readonly providers: ProvidersRepository,
    private readonly cipher: SecretCipher,
    private readonly config: AppConfig,
  ) {}

  /** Whether any provider serves the wish. */
  async serves(wish: ModelWish): Promise<boolean> {
    return (await this.links(wish)).length > 0;
  }

  /** In the order in which they are asked; empty where no provider serves it. @throws DomainError `secret_unreadable` */
  async chain(wish: ModelWish): Promise<CallableModel[]> {
    return (await this.links(wish)).map(({ provider, model }) => this.callable(provider, model));
  }

  /** @throws DomainError `secret_unreadable` */
  callable(provider: Provider, model: string): CallableModel {
    const key = this.keyOf(provider);
    const { kind, name } = provider;
    return {
      ...{ kind, provider: ledgerName(kind, name), model, secrets: secretsIn(kind, key) },
      call: languageModel(provider, key, model),
    };
  }

  fromEnvironment(): Provider[] {
    return this.config.modelProviders.map(environmentProvider);
  }

  private async links(wish: ModelWish) {
    const stored = await this.providers.visibleTo(wish.ownerId);
    const known = stored.map((row) => storedProvider(row, this.config.allowPrivateAddresses));
    return chainOf([...known, ...this.fromEnvironment()], wish);
  }

  private keyOf({ id, key }: Provider): string | null {
    switch (key.kind) {
      case 'none':
        return null;
      case 'plain':
        return key.value;
      case 'sealed':
        return this.cipher.open(key.sealed, sealContext(id));
    }
  }
}

/** Keys of AWS have parts, of which a session token goes over the wire by itself. */
function secretsIn(kind: ProviderKind, key: string | null): readonly string[] {
  if (key === null) return [];
  return kind === 'bedrock' && key.includes(':') ? [key, ...key.split(':')] : [key];
}

/** What a provider's sealed key belongs to. */
export const sealContext = (id: string): string => `provider:${id}`;
