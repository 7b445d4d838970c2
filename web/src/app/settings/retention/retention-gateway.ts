import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';
import { Api } from '../../api/generated/api';
import { getRetention } from '../../api/generated/fn/retention/get-retention';
import type { RetentionDto } from '../../api/generated/models';

/** What is kept how long. */
@Injectable({ providedIn: 'root' })
export class RetentionGateway {
  private readonly api = inject(Api);

  read(): Observable<RetentionDto> {
    return this.api.invoke(getRetention);
  }
}
