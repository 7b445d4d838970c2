import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { RelativeTime } from '../../../shared/format/relative-time';
import { StatusBadge } from '../../../shared/status/status-badge';
import type { GateInfo } from '../../run-models';

/** The gates of a phase: what was asked, what was found, where it was read, and what to do about it. */
@Component({
  selector: 'o-gate-table',
  imports: [RelativeTime, RouterLink, StatusBadge],
  templateUrl: './gate-table.html',
  styleUrl: './gate-table.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GateTable {
  readonly gates = input.required<readonly GateInfo[]>();
}
