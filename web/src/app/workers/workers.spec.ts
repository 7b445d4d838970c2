import { ConsolePage, ok } from '../../testing/console-page';
import { ADMIN, RUN_ID } from '../../testing/fixtures';
import type { WorkerDto } from '../api/generated/models';

const aWorker = (change: Partial<WorkerDto>): WorkerDto => ({
  worker_id: 'w-1',
  name: 'builder',
  kind: 'remote',
  labels: ['docker', 'linux'],
  started_at: new Date().toISOString(),
  heartbeat_at: new Date().toISOString(),
  stopped_at: null,
  holds: [],
  ...change,
});
const LONG_AGO = '2026-01-01T00:00:00.000Z';

let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the workers', () => {
  it('tell what each can do and holds, and which has fallen silent', async () => {
    const held = { run_id: RUN_ID, phase: 'build', step: 'compile', lease_expires_at: LONG_AGO };
    page = await ConsolePage.open('/workers', ADMIN, {
      'GET /workers': ok({
        workers: [
          aWorker({ holds: [held] }),
          aWorker({ worker_id: 'w-2', name: 'here', kind: 'local', labels: [] }),
          aWorker({ worker_id: 'w-3', name: 'lost', heartbeat_at: LONG_AGO, holds: [held] }),
          aWorker({ worker_id: 'w-4', name: 'gone', heartbeat_at: LONG_AGO, stopped_at: LONG_AGO }),
        ],
      }),
    });
    expect(page.all('tbody o-status').map(({ textContent }) => textContent.trim())).toEqual([
      'Working',
      'Idle',
      'Silent',
      'Stopped',
    ]);
    expect(page.text).toContain('docker');
    expect(page.find('tbody a').getAttribute('href')).toBe(`/runs/${RUN_ID}/phases?phase=build&step=compile`);
  });

  it('say where nothing looks for work', async () => {
    page = await ConsolePage.open('/workers', ADMIN, { 'GET /workers': ok({ workers: [] }) });
    expect(page.text).toContain('Nothing looks for work');
  });
});
