import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Questions } from '../shared/dialogs/questions';
import { type Schedule, SchedulesGateway } from './schedules-gateway';

/** What a person may do with a schedule, from the list and from its page. */
@Injectable({ providedIn: 'root' })
export class ScheduleActions {
  private readonly gateway = inject(SchedulesGateway);
  private readonly questions = inject(Questions);
  private readonly router = inject(Router);

  /** Creates its run now and shows it. */
  async runNow(schedule: Schedule): Promise<void> {
    const { run_id: id } = await firstValueFrom(this.gateway.run(schedule.schedule_id));
    await this.router.navigate(['/runs', id]);
  }

  async setEnabled(schedule: Schedule, enabled: boolean): Promise<void> {
    await firstValueFrom(this.gateway.update(schedule.schedule_id, { enabled }));
  }

  /** Asks first. Answers whether it was removed. */
  async remove(schedule: Schedule): Promise<boolean> {
    const answer = await this.questions.ask({
      title: `Remove ${schedule.name}?`,
      text: 'It creates no more runs. Those that it has created stay.',
      label: null,
      required: false,
      confirm: 'Remove the schedule',
      danger: true,
    });
    if (answer === undefined) return false;
    await firstValueFrom(this.gateway.remove(schedule.schedule_id), { defaultValue: null });
    return true;
  }
}
