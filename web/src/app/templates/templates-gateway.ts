import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { deleteTemplate } from '../api/generated/fn/templates/delete-template';
import { getTemplate } from '../api/generated/fn/templates/get-template';
import { listTemplates } from '../api/generated/fn/templates/list-templates';
import { putTemplate } from '../api/generated/fn/templates/put-template';
import type { PutTemplateDto, TemplateDto } from '../api/generated/models';

export type Template = TemplateDto;

/** What runs can be given in advance. */
@Injectable({ providedIn: 'root' })
export class TemplatesGateway {
  private readonly api = inject(Api);

  /** By name. */
  list(): Observable<readonly Template[]> {
    return this.api.invoke(listTemplates).pipe(map((answer) => answer.templates));
  }

  get(name: string): Observable<Template> {
    return this.api.invoke(getTemplate, { name });
  }

  put(name: string, body: PutTemplateDto): Observable<Template> {
    return this.api.invoke(putTemplate, { name, body });
  }

  remove(name: string): Observable<unknown> {
    return this.api.invoke(deleteTemplate, { name });
  }
}
