import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { Session } from '../../auth/session';
import { ProfilesGateway } from '../../profiles/profiles-gateway';
import { CopyText } from '../../shared/copy-text';
import { Drafts } from '../../shared/drafts';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { TemplatesGateway } from '../../templates/templates-gateway';
import { RunsGateway } from '../runs-gateway';
import { ProfileCards } from './profile-cards';
import { draftKeys, draftOfPreset, EMPTY_DRAFT, type ParameterValues, type RunDraft } from './run-draft';
import { RunFields } from './run-fields';
import { RunForm } from './run-form';
import { RunEstimate } from './run-estimate';
import { cliCommand, curlCommand } from './shell-commands';

/** What a template would fill in where nothing is said. */
const NOTHING = { project_name: null, intake: null, repository: null, budget: null, parameters: null };

/** Starts a run: what, from which intake and repository, with which limits. What is typed outlives errors and reloads. */
@Component({
  selector: 'o-new-run',
  imports: [
    CopyText,
    FieldError,
    Loading,
    MatButton,
    ProblemBanner,
    ProfileCards,
    RouterLink,
    RunEstimate,
    RunFields,
  ],
  templateUrl: './new-run.html',
  styleUrl: './new-run.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewRun {
  /** Profile that the address names. */
  readonly profile = input<string>();
  /** Run that the new one is to be like. */
  readonly from = input<string>();
  /** Template that fills in the form. */
  readonly template = input<string>();

  private readonly runs = inject(RunsGateway);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  private readonly templates = inject(TemplatesGateway);
  private readonly profilesGateway = inject(ProfilesGateway);
  protected readonly resource = rxResource({ stream: () => this.profilesGateway.list() });
  protected readonly profiles = keepLast(this.resource);

  private readonly templateKey = computed(() => {
    const name = this.template();
    return name === undefined ? null : `template.${name}`;
  });
  private readonly keys = computed(() => draftKeys(this.from() ?? this.templateKey()));
  private readonly draft = linkedSignal(() => {
    const kept = { ...EMPTY_DRAFT, ...this.drafts.read<RunDraft>(this.keys().draft, EMPTY_DRAFT) };
    return { ...kept, profile: this.profile() ?? kept.profile };
  });
  private readonly parameters = linkedSignal<ParameterValues>(() =>
    this.drafts.read<ParameterValues>(this.keys().parameters, {}),
  );
  protected readonly form = new RunForm(this.draft, this.parameters, this.profiles);
  private readonly request = computed(() => {
    const template = this.template();
    const request = this.form.request();
    return template === undefined ? request : { ...NOTHING, ...request, template };
  });
  /** Lives as long as the request stays the same: sending it again after a lost answer makes no second run. */
  private readonly key = linkedSignal({ source: this.request, computation: () => uuid() });
  protected readonly commands = computed(() => [
    { name: 'Command line', text: cliCommand(this.request(), location.origin) },
    { name: 'curl', text: curlCommand(this.request(), location.origin) },
  ]);
  /** Read once: what is typed since is not overwritten. */
  protected readonly preset = rxResource({
    params: () => {
      const name = this.template();
      return name === undefined || this.drafts.has(`new-run.template.${name}`) ? undefined : name;
    },
    stream: ({ params }) => this.templates.get(params),
  });
  private readonly filled = signal<string | null>(null);
  protected readonly error = signal<unknown>(null);
  protected readonly problem = computed(() => (this.error() === null ? null : toProblem(this.error())));

  constructor() {
    effect(() => {
      const preset = this.preset.hasValue() ? this.preset.value() : undefined;
      if (preset === undefined || untracked(this.filled) === preset.name) return;
      this.filled.set(preset.name);
      this.draft.set(draftOfPreset({ ...preset.preset, profile: preset.profile }));
      this.parameters.set(preset.preset.parameters ?? {});
    });
    effect(() => {
      // An empty draft would keep the template from being read at the next visit.
      if (this.preset.isLoading() || this.preset.error() !== undefined) return;
      this.drafts.write(this.keys().draft, this.draft());
      this.drafts.write(this.keys().parameters, this.parameters());
    });
    effect(() => {
      this.form.fitRepository();
    });
  }

  /** Takes what is typed to the form of a new template or schedule. */
  protected saveAs(kind: 'templates' | 'schedules'): void {
    this.drafts.write(`${kind}.new`, this.draft());
    this.drafts.write(`${kind}.new.parameters`, this.parameters());
    void this.router.navigate([`/${kind}/new`]);
  }

  protected choose(profile: string): void {
    this.draft.update((draft) => ({ ...draft, profile }));
  }

  protected async start(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.form.parametersFit()) return;
    await submit(this.form.fields, async () => {
      this.error.set(null);
      try {
        const run = await firstValueFrom(this.runs.create(this.request(), this.key()));
        await this.router.navigate(['/runs', run.run_id]);
        this.drafts.clear(this.keys().draft);
        this.drafts.clear(this.keys().parameters);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
