import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, maxLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom, switchMap, timer } from 'rxjs';
import { ProfileChoice } from '../profiles/profile-choice';
import { ProfilesGateway } from '../profiles/profiles-gateway';
import { draftOfPreset, EMPTY_DRAFT, type ParameterValues, type RunDraft } from '../runs/new-run/run-draft';
import { RunFields } from '../runs/new-run/run-fields';
import { RunForm } from '../runs/new-run/run-form';
import { Drafts } from '../shared/drafts';
import { EmptyState } from '../shared/empty-state/empty-state';
import { FieldError } from '../shared/field-error';
import { RelativeTime } from '../shared/format/relative-time';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { isMissing, toProblem } from '../shared/problem/problem';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { CATCH_UPS, OVERLAPS, zonedTime } from './schedule-words';
import { type NewSchedule, type Schedule, SchedulesGateway } from './schedules-gateway';

const NEW = 'schedules.new';
/** The server is asked for the next times once nobody has typed for this long, milliseconds. */
const TYPED_MS = 300;
const USUALS = [
  { label: 'Every hour', cron: '0 * * * *' },
  { label: 'Every night', cron: '0 2 * * *' },
  { label: 'Working days at six', cron: '0 6 * * 1-5' },
  { label: 'Mondays', cron: '0 6 * * 1' },
] as const;

interface When {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly overlap: Schedule['overlap'];
  readonly catchUp: Schedule['catch_up'];
}

/** Makes a schedule, or changes one; the next times follow what is typed. */
@Component({
  selector: 'o-schedule-edit',
  imports: [
    EmptyState,
    FieldError,
    FormField,
    Loading,
    MatButton,
    ProblemBanner,
    ProfileChoice,
    RelativeTime,
    RouterLink,
    RunFields,
  ],
  templateUrl: './schedule-edit.html',
  styleUrl: './schedule-edit.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScheduleEdit {
  /** The schedule that is changed; undefined: a new one. */
  readonly scheduleId = input<string>();
  private readonly gateway = inject(SchedulesGateway);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  private readonly profilesGateway = inject(ProfilesGateway);
  protected readonly usuals = USUALS;
  protected readonly overlaps = OVERLAPS;
  protected readonly catchUps = CATCH_UPS;
  protected readonly zones = Intl.supportedValuesOf('timeZone');
  protected readonly zoned = zonedTime;

  protected readonly profileList = rxResource({ stream: () => this.profilesGateway.list() });
  protected readonly profiles = keepLast(this.profileList);
  protected readonly resource = rxResource({
    params: () => this.scheduleId(),
    stream: ({ params }) => this.gateway.get(params),
  });
  protected readonly known = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));
  protected readonly model = linkedSignal<When>(() => whenOf(this.known()));
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Name the schedule.' });
    maxLength(path.name, 200, { message: 'At most 200 characters.' });
    required(path.cron, { message: 'Enter a cron pattern.' });
    required(path.timeZone, { message: 'Enter a time zone.' });
  });
  protected readonly preview = rxResource({
    params: () => {
      const { cron, timeZone } = this.model();
      return cron.trim() === '' || timeZone === '' ? undefined : { cron: cron.trim(), time_zone: timeZone };
    },
    stream: ({ params }) => timer(TYPED_MS).pipe(switchMap(() => this.gateway.preview(params))),
  });

  private readonly draft = linkedSignal<RunDraft>(() => {
    const known = this.known();
    return known === undefined ? this.drafts.read<RunDraft>(NEW, EMPTY_DRAFT) : draftOfPreset(known.run);
  });
  private readonly parameters = linkedSignal<ParameterValues>(
    () => this.known()?.run.parameters ?? this.drafts.read<ParameterValues>(`${NEW}.parameters`, {}),
  );
  protected readonly form = new RunForm(this.draft, this.parameters, this.profiles);
  protected readonly ready = computed(
    () => this.fields().valid() && this.form.ready() && this.preview.error() === undefined,
  );
  protected readonly missing = computed(() => isMissing(this.resource.error()));
  protected readonly error = signal<unknown>(null);
  protected readonly problem = computed(() => (this.error() === null ? null : toProblem(this.error())));

  constructor() {
    effect(() => {
      if (this.scheduleId() !== undefined) return;
      this.drafts.write(NEW, this.draft());
      this.drafts.write(`${NEW}.parameters`, this.parameters());
    });
  }

  protected setCron(cron: string): void {
    this.model.update((model) => ({ ...model, cron }));
  }

  protected detail(error: unknown): string {
    const { detail, errors } = toProblem(error);
    return errors[0]?.message ?? detail;
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.ready()) return;
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const saved = await firstValueFrom(this.send());
        this.drafts.clear(NEW);
        this.drafts.clear(`${NEW}.parameters`);
        await this.router.navigate(['/schedules', saved.schedule_id]);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }

  private send() {
    const { name, cron, timeZone, overlap, catchUp } = this.model();
    const body: NewSchedule = {
      ...{ name: name.trim(), cron: cron.trim(), time_zone: timeZone, overlap, catch_up: catchUp },
      run: { ...restOf(this.known()), ...this.form.request() },
    };
    const id = this.scheduleId();
    return id === undefined ? this.gateway.create(body) : this.gateway.update(id, body);
  }
}

const whenOf = (known: Schedule | undefined): When => ({
  name: known?.name ?? '',
  cron: known?.cron ?? '',
  timeZone: known?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  overlap: known?.overlap ?? 'skip',
  catchUp: known?.catch_up ?? 'once',
});

/** What the form has no field for stays as it is. */
function restOf(known: Schedule | undefined): Partial<NewSchedule['run']> {
  const { template, metadata, priority } = known?.run ?? {};
  return {
    ...(template ? { template } : {}),
    ...(metadata ? { metadata } : {}),
    ...(priority === undefined ? {} : { priority }),
  };
}
