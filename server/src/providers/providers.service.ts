import { Injectable, type OnModuleInit } from '@nestjs/common';
import { v7, validate } from 'uuid';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { AppConfig } from '../config/app-config.js';
import { DomainError, forbidden, invalid, notFound } from '../problems/domain-error.js';
import { SealedStores } from '../secrets/sealed-stores.js';
import { SecretCipher } from '../secrets/secret-cipher.js';
import type { OpenAiApi, ProviderKind } from './domain/provider-kind.js';
import { isFromEnvironment, storedProvider, type Provider } from './provider.js';
import type { ProviderTestDto } from './provider-answers.dto.js';
import { ProviderDirectory, sealContext } from './provider-directory.js';
import type { ProviderEntity } from './provider.entity.js';
import { testModel } from './provider-test.js';
import type { CreateProviderDto, UpdateProviderDto } from './providers.dto.js';
import { ProvidersRepository } from './providers.repository.js';

/** The model providers: everybody's are an administrator's to set up, each member has own ones beside them. */
@Injectable()
export class ProvidersService implements OnModuleInit {
  constructor(
    private readonly providers: ProvidersRepository,
    private readonly directory: ProviderDirectory,
    private readonly cipher: SecretCipher,
    private readonly config: AppConfig,
    private readonly stores: SealedStores,
  ) {}

  /** Keys are sealed anew together with the secrets. */
  onModuleInit(): void {
    this.stores.add({
      all: () => this.providers.keys(),
      contextOf: sealContext,
      reseal: ({ id, sealed }, anew) => this.providers.reseal(id, sealed, anew),
    });
  }

  /** Everybody's and the caller's own. */
  async list(by: Principal): Promise<Provider[]> {
    const stored = await this.providers.visibleTo(by.userId);
    return [...stored.map((row) => this.of(row)), ...this.directory.fromEnvironment()];
  }

  /** @throws DomainError 400 where something does not fit, 403 for everybody's without the permission, 409 `provider_exists` */
  async create(asked: CreateProviderDto, by: Principal): Promise<Provider> {
    const ownerId = asked.scope === 'everyone' ? null : by.userId;
    requireMayChange(ownerId, by);
    if (asked.kind === 'openai_compatible' && !asked.base_url)
      throw invalid('A server that is compatible with OpenAI needs its address.', [
        { pointer: '/base_url', message: 'is missing' },
      ]);
    requireApiOf(asked.kind, asked.api ?? null);
    const id = v7();
    const now = new Date();
    const row: ProviderEntity = {
      ...{ id, kind: asked.kind, name: asked.name, ownerId, createdAt: now, updatedAt: now },
      ...{ baseUrl: asked.base_url ?? null, region: asked.region ?? null, api: asked.api ?? null },
      sealedKey: this.sealed(id, asked.key ?? null),
      ...{ defaultModel: asked.default_model ?? null, agentModels: asked.agent_models ?? {} },
      ...{ priority: asked.priority ?? 0, enabled: asked.enabled ?? true },
    };
    if (!(await this.providers.insert(row))) {
      const detail = `There is a provider ${asked.name} already: change that one, or choose another name.`;
      throw new DomainError(409, 'provider_exists', detail);
    }
    await this.providers.offerWaitingSteps();
    return this.of(row);
  }

  /** @throws DomainError 400, 403, 404 */
  async update(id: string, asked: UpdateProviderDto, by: Principal): Promise<Provider> {
    const row = await this.changeable(id, by);
    const baseUrl = asked.base_url === undefined ? row.baseUrl : asked.base_url;
    // Else whoever may change the address could have the key sent to a server of their own.
    if (baseUrl !== row.baseUrl && row.sealedKey !== null && asked.key === undefined)
      throw invalid('Give the key again together with a new address.', [
        { pointer: '/key', message: 'is needed with a new base_url' },
      ]);
    const api = asked.api === undefined ? row.api : asked.api;
    requireApiOf(row.kind, api);
    const changed: ProviderEntity = {
      ...row,
      ...{ baseUrl, api, region: asked.region === undefined ? row.region : asked.region },
      sealedKey: asked.key === undefined ? row.sealedKey : this.sealed(id, asked.key),
      defaultModel: asked.default_model === undefined ? row.defaultModel : asked.default_model,
      agentModels: asked.agent_models ?? row.agentModels,
      ...{ priority: asked.priority ?? row.priority, enabled: asked.enabled ?? row.enabled },
      updatedAt: new Date(),
    };
    await this.providers.update(changed);
    await this.providers.offerWaitingSteps();
    return this.of(changed);
  }

  /** @throws DomainError 403, 404 */
  async remove(id: string, by: Principal): Promise<void> {
    await this.changeable(id, by);
    await this.providers.remove(id);
  }

  /** Makes one real call. @throws DomainError 400 without a model to call, 403, 404 */
  async test(id: string, model: string | null, by: Principal): Promise<ProviderTestDto> {
    const provider = await this.testable(id, by);
    const called = model ?? provider.defaultModel;
    if (called === null)
      throw invalid('The provider has no default model: name the model to call.', [
        { pointer: '/model', message: 'is missing' },
      ]);
    return testModel(this.directory.callable(provider, called));
  }

  private async testable(id: string, by: Principal): Promise<Provider> {
    if (!isFromEnvironment(id)) return this.of(await this.changeable(id, by));
    requireMayChange(null, by);
    const found = this.directory.fromEnvironment().find((provider) => provider.id === id);
    if (found === undefined) throw notFound('Provider', id);
    return found;
  }

  private async changeable(id: string, by: Principal): Promise<ProviderEntity> {
    if (isFromEnvironment(id)) throw forbidden('This provider comes from the environment of the server.');
    const row = validate(id) ? await this.providers.find(id) : null;
    if (row === null || (row.ownerId !== null && row.ownerId !== by.userId)) throw notFound('Provider', id);
    requireMayChange(row.ownerId, by);
    return row;
  }

  private sealed(id: string, key: string | null): string | null {
    return key === null ? null : this.cipher.seal(key, sealContext(id));
  }

  private of(row: ProviderEntity): Provider {
    return storedProvider(row, this.config.allowPrivateAddresses);
  }
}

/** @throws DomainError 400 */
function requireApiOf(kind: ProviderKind, api: OpenAiApi | null): void {
  if (api === null || kind === 'openai') return;
  throw invalid('Only providers of kind openai have a choice of APIs.', [
    { pointer: '/api', message: 'is only of kind openai' },
  ]);
}

/** @throws DomainError 403 */
function requireMayChange(ownerId: string | null, by: Principal): void {
  if (ownerId === by.userId || principalAllows(by, 'providers:manage')) return;
  throw forbidden('Providers for everyone are set up by an administrator (`providers:manage`).');
}
