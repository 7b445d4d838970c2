import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../../api/generated/api';
import { createProvider } from '../../api/generated/fn/providers/create-provider';
import { deleteProvider } from '../../api/generated/fn/providers/delete-provider';
import { listProviders } from '../../api/generated/fn/providers/list-providers';
import { testProvider } from '../../api/generated/fn/providers/test-provider';
import { updateProvider } from '../../api/generated/fn/providers/update-provider';
import type {
  CreateProviderDto,
  ProviderDto,
  ProviderTestDto,
  UpdateProviderDto,
} from '../../api/generated/models';

export type Provider = ProviderDto;
export type ProviderTest = ProviderTestDto;

/** Model providers: those for everyone, and one's own. */
@Injectable({ providedIn: 'root' })
export class ProvidersGateway {
  private readonly api = inject(Api);

  all(): Observable<readonly Provider[]> {
    return this.api.invoke(listProviders).pipe(map((answer) => answer.providers));
  }

  create(provider: CreateProviderDto): Observable<Provider> {
    return this.api.invoke(createProvider, { body: provider });
  }

  update(id: string, change: UpdateProviderDto): Observable<Provider> {
    return this.api.invoke(updateProvider, { provider_id: id, body: change });
  }

  remove(id: string): Observable<unknown> {
    return this.api.invoke(deleteProvider, { provider_id: id });
  }

  /** One real call of the default model. */
  test(id: string): Observable<ProviderTest> {
    return this.api.invoke(testProvider, { provider_id: id, body: {} });
  }
}
