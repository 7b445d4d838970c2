import type { ProviderKind } from './provider-kind.js';

/** What the choice of a model needs to know of a provider. */
export interface Candidate {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly name: string;
  readonly defaultModel: string | null;
  /** Models for the steps of an agent, by its label. */
  readonly agentModels: Readonly<Record<string, string>>;
  /** Lower ones are asked first. */
  readonly priority: number;
  readonly enabled: boolean;
  /** Whose it is; null: everybody's. */
  readonly ownerId: string | null;
}

export interface ChainLink<T extends Candidate> {
  readonly provider: T;
  readonly model: string;
}

/** For whom a model is wanted. */
export interface ModelWish {
  /** `default`, or `provider:model` with the name or kind of a provider. */
  readonly model: string;
  /** Label of the step's agent. */
  readonly agent: string;
  /** Owner of the run. */
  readonly ownerId: string;
}

/**
 * The models that may do a step, in the order in which they are asked: the owner's own providers, then everybody's,
 * each by priority and name. Empty: no provider serves it.
 */
export function chainOf<T extends Candidate>(providers: readonly T[], wish: ModelWish): ChainLink<T>[] {
  return providers
    .filter(({ enabled, ownerId }) => enabled && (ownerId === null || ownerId === wish.ownerId))
    .sort(
      (a, b) =>
        Number(a.ownerId === null) - Number(b.ownerId === null) ||
        a.priority - b.priority ||
        (a.name < b.name ? -1 : 1),
    )
    .flatMap((provider) => {
      const model = modelFor(provider, wish);
      return model === null ? [] : [{ provider, model }];
    });
}

function modelFor(provider: Candidate, { model, agent }: ModelWish): string | null {
  if (model === 'default') {
    const own = Object.hasOwn(provider.agentModels, agent) ? provider.agentModels[agent] : undefined;
    return own ?? provider.defaultModel;
  }
  const colon = model.indexOf(':');
  const asked = model.slice(0, colon);
  return asked === provider.name || asked === provider.kind ? model.slice(colon + 1) : null;
}
