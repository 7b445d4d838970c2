import type { Candidate } from './domain/chain.js';
import type { OpenAiApi } from './domain/provider-kind.js';
import type { ProviderEntity } from './provider.entity.js';
import type { EnvironmentProvider } from '../config/environment-providers.js';

/** A provider, stored or from the environment, without its key. */
export interface Provider extends Candidate {
  readonly baseUrl: string | null;
  readonly region: string | null;
  /** Of kind `openai`; null: as its address suggests. */
  readonly api: OpenAiApi | null;
  /** Whether an address of its own may be a private one. */
  readonly mayBePrivate: boolean;
  readonly key:
    | { readonly kind: 'none' }
    | { readonly kind: 'plain'; readonly value: string }
    | { readonly kind: 'sealed'; readonly sealed: string };
}

/** Ids of providers from the environment begin so; they are no UUIDs. */
const FROM_ENVIRONMENT = 'environment-';

/** After all that are stored. */
const LAST = 32_767;

export const environmentProvider = (given: EnvironmentProvider): Provider => ({
  id: `${FROM_ENVIRONMENT}${given.kind}`,
  kind: given.kind,
  name: given.kind,
  baseUrl: given.baseUrl,
  region: null,
  api: given.api,
  defaultModel: given.defaultModel,
  agentModels: {},
  priority: LAST,
  enabled: true,
  ownerId: null,
  mayBePrivate: true,
  key: { kind: 'plain', value: given.key },
});

export const isFromEnvironment = (id: string): boolean => id.startsWith(FROM_ENVIRONMENT);

/**
 * What an administrator set up for everybody may be at a private address, such as a model server of the house;
 * what a member set up only where the operator lets steps call such addresses.
 */
export const storedProvider = (row: ProviderEntity, allowPrivate: boolean): Provider => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  baseUrl: row.baseUrl,
  region: row.region,
  api: row.api,
  defaultModel: row.defaultModel,
  agentModels: row.agentModels,
  priority: row.priority,
  enabled: row.enabled,
  ownerId: row.ownerId,
  mayBePrivate: allowPrivate || row.ownerId === null,
  key: row.sealedKey === null ? { kind: 'none' } : { kind: 'sealed', sealed: row.sealedKey },
});
