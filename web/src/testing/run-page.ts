import { MatMenuHarness } from '@angular/material/menu/testing';
import type { MeDto } from '../app/api/generated/models';
import type { RunDetail } from '../app/runs/run-models';
import { ConsolePage, ok } from './console-page';
import { ADMIN, RUN_ID } from './fixtures';

export const AT = '2026-11-22T12:00:00.000Z';
export const BASE = `/runs/${RUN_ID}`;
export const NO_LOG = ok({ lines: [], next_after: null });
export const MORE = MatMenuHarness.with({ selector: '[aria-label="More actions"]' });

/** Opens a tab of a run that has printed nothing and that nobody has commented. */
export const openRun = (run: RunDetail, tab = '', me: MeDto = ADMIN): Promise<ConsolePage> =>
  ConsolePage.open(`${BASE}${tab}`, me, {
    [`GET ${BASE}`]: ok(run),
    [`GET ${BASE}/logs`]: NO_LOG,
    [`GET ${BASE}/comments`]: ok({ comments: [] }),
  });

/** Makes the console look whether something changed, as it does when its window comes back to the front. */
export const change = (): boolean => document.dispatchEvent(new Event('visibilitychange'));
