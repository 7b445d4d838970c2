import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { createSchedule } from '../api/generated/fn/schedules/create-schedule';
import { deleteSchedule } from '../api/generated/fn/schedules/delete-schedule';
import { getSchedule } from '../api/generated/fn/schedules/get-schedule';
import { listSchedules } from '../api/generated/fn/schedules/list-schedules';
import { previewSchedule } from '../api/generated/fn/schedules/preview-schedule';
import { runSchedule } from '../api/generated/fn/schedules/run-schedule';
import { updateSchedule } from '../api/generated/fn/schedules/update-schedule';
import type {
  CreateScheduleDto,
  PreviewScheduleDto,
  RunSummaryDto,
  ScheduleDetailDto,
  ScheduleDto,
  UpdateScheduleDto,
} from '../api/generated/models';

export type Schedule = ScheduleDto;
export type ScheduleDetail = ScheduleDetailDto;
export type NewSchedule = CreateScheduleDto;

/** Runs that are created by the clock. */
@Injectable({ providedIn: 'root' })
export class SchedulesGateway {
  private readonly api = inject(Api);

  /** By name. */
  list(): Observable<readonly Schedule[]> {
    return this.api.invoke(listSchedules).pipe(map((answer) => answer.schedules));
  }

  get(id: string): Observable<ScheduleDetail> {
    return this.api.invoke(getSchedule, { schedule_id: id });
  }

  create(schedule: NewSchedule): Observable<Schedule> {
    return this.api.invoke(createSchedule, { body: schedule });
  }

  update(id: string, change: UpdateScheduleDto): Observable<Schedule> {
    return this.api.invoke(updateSchedule, { schedule_id: id, body: change });
  }

  remove(id: string): Observable<unknown> {
    return this.api.invoke(deleteSchedule, { schedule_id: id });
  }

  /** Creates the run of a schedule now. */
  run(id: string): Observable<Pick<RunSummaryDto, 'run_id'>> {
    return this.api.invoke(runSchedule, { schedule_id: id });
  }

  /** The next times of a pattern, ISO 8601. */
  preview(when: PreviewScheduleDto): Observable<readonly string[]> {
    return this.api.invoke(previewSchedule, { body: when }).pipe(map((answer) => answer.next_times));
  }
}
