import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import { firstValueFrom } from 'rxjs';
import { Session } from '../auth/session';
import { draftKeys } from '../runs/new-run/run-draft';
import { Questions } from '../shared/dialogs/questions';
import { Drafts } from '../shared/drafts';
import { EmptyState } from '../shared/empty-state/empty-state';
import { RelativeTime } from '../shared/format/relative-time';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { type Template, TemplatesGateway } from './templates-gateway';

const NAMES: Readonly<Record<string, string>> = {
  intake: 'intake',
  repository: 'repository',
  project_name: 'project name',
  parameters: 'parameters',
  budget: 'limits',
  metadata: 'metadata',
  priority: 'priority',
};

/** What runs can be given in advance: start one, change and remove one's own. */
@Component({
  selector: 'o-template-list',
  imports: [EmptyState, Loading, LucidePlus, MatButton, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './template-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TemplateList {
  private readonly gateway = inject(TemplatesGateway);
  private readonly questions = inject(Questions);
  private readonly drafts = inject(Drafts);
  protected readonly session = inject(Session);
  protected readonly resource = rxResource({ stream: () => this.gateway.list() });
  protected readonly templates = keepLast(this.resource);
  protected readonly error = signal<unknown>(null);

  protected gives({ preset }: Template): string {
    const given = Object.entries(preset)
      .filter(([, value]) => value !== null && value !== undefined)
      .flatMap(([key]) => NAMES[key] ?? []);
    return given.length === 0 ? 'nothing yet' : given.join(', ');
  }

  /** Who made it and administrators: the server decides again. */
  protected mayChange(template: Template): boolean {
    const own = template.owner_id === this.session.user()?.user_id;
    return this.session.may('templates:manage') && (own || this.session.user()?.role === 'admin');
  }

  /** A run of a template begins with what the template says now, not with what was typed the last time. */
  protected fresh({ name }: Template): void {
    const { draft, parameters } = draftKeys(`template.${name}`);
    this.drafts.clear(draft);
    this.drafts.clear(parameters);
  }

  protected async remove({ name }: Template): Promise<void> {
    const answer = await this.questions.ask({
      title: `Remove ${name}?`,
      text: 'Runs keep what it gave them. Schedules that name it can create no more runs.',
      label: null,
      required: false,
      confirm: 'Remove the template',
      danger: true,
    });
    if (answer === undefined) return;
    this.error.set(null);
    try {
      await firstValueFrom(this.gateway.remove(name), { defaultValue: null });
    } catch (error) {
      this.error.set(error);
    }
    this.resource.reload();
  }
}
