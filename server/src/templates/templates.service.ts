import { Injectable } from '@nestjs/common';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { forbidden, invalid, notFound } from '../problems/domain-error.js';
import type { CreateRunDto } from '../runs/dto/create-run.dto.js';
import { WorkflowService } from '../workflow/workflow.service.js';
import { fillIn } from './domain/fill-in.js';
import type { TemplateEntity } from './template.entity.js';
import type { PutTemplateDto } from './templates.dto.js';
import { TemplatesRepository } from './templates.repository.js';

const NAME = /^[a-z][a-z0-9_]{0,62}$/u;

/** Named presets. Everybody who may read profiles sees them; they are changed by who made them, and by administrators. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly templates: TemplatesRepository,
    private readonly workflow: WorkflowService,
  ) {}

  list(): Promise<TemplateEntity[]> {
    return this.templates.all();
  }

  /** @throws DomainError 404 */
  async get(name: string): Promise<TemplateEntity> {
    const template = NAME.test(name) ? await this.templates.find(name) : null;
    if (template === null) throw notFound('Template', name);
    return template;
  }

  /**
   * Makes the template, or changes it.
   * @throws DomainError 400 when name or profile do not fit, 403 when it is somebody else's
   */
  async put(
    name: string,
    asked: PutTemplateDto,
    by: Principal,
  ): Promise<{ readonly kind: 'created' | 'changed'; readonly template: TemplateEntity }> {
    await this.check(name, asked);
    const now = new Date();
    const content = { description: asked.description ?? null, profile: asked.profile, preset: asked.preset };
    const fresh = { name, ...content, ownerId: by.userId, createdAt: now, updatedAt: now };
    if (await this.templates.insert(fresh)) return { kind: 'created', template: fresh };
    const taken = await this.templates.find(name);
    // Removed since it was found to be taken: it is a new one again.
    if (taken === null) return this.put(name, asked, by);
    requireOwn(taken, by);
    const changed = { ...taken, ...content, updatedAt: now };
    await this.templates.update(changed);
    return { kind: 'changed', template: changed };
  }

  /** @throws DomainError 404, 403 when it is somebody else's */
  async remove(name: string, by: Principal): Promise<void> {
    requireOwn(await this.get(name), by);
    await this.templates.remove(name);
  }

  /** The run with what its template gives it. @throws DomainError 400 when there is no such template for its profile */
  async fillIn(asked: CreateRunDto): Promise<CreateRunDto> {
    if (!asked.template) return asked;
    const template = await this.templates.find(asked.template);
    if (template === null) {
      throw invalid(`There is no template ${asked.template}.`, [
        { pointer: '/template', message: 'is not the name of a template; GET /templates lists them' },
      ]);
    }
    if (template.profile !== asked.profile) {
      const message = `is for the profile ${template.profile}, not for ${asked.profile}`;
      throw invalid(`The template ${template.name} ${message}.`, [{ pointer: '/template', message }]);
    }
    return fillIn(asked, template.preset);
  }

  private async check(name: string, asked: PutTemplateDto): Promise<void> {
    if (!NAME.test(name)) {
      throw invalid(
        'The name of a template has small letters, digits and underscores, at most 63, a letter first.',
      );
    }
    if ((await this.workflow.findLatest(asked.profile)) !== null) return;
    const known = (await this.workflow.knownNames()).join(', ');
    throw invalid(`Unknown profile: ${asked.profile}. Known profiles: ${known}.`, [
      { pointer: '/profile', message: `must be one of: ${known}` },
    ]);
  }
}

/** @throws DomainError 403 when it is somebody else's */
function requireOwn(template: TemplateEntity, by: Principal): void {
  if (template.ownerId === by.userId || principalAllows(by, 'settings:manage')) return;
  throw forbidden(`The template ${template.name} was made by somebody else: choose another name.`);
}
