import { commands, publish } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';

/** A profile for each state that a run can be in. */
export async function publishProfiles(admin: ApiClient, serviceUrl: string): Promise<void> {
  const note = 'echo "# A note" > "$ORCHESTRATOR_ARTIFACTS/a.md"';
  const approval = { id: 'do', approval: { role: 'viewer' as const, self_approval: true } };
  const http = { url: serviceUrl, body: '{{ run.id }}', callback: true };
  await publish(admin, 'sample', commands({ work: note, after: 'true' }));
  await publish(admin, 'failing', commands({ work: 'false' }));
  await publish(admin, 'approved', [{ name: 'work', steps: [approval] }]);
  await publish(admin, 'claimed', [{ name: 'work', steps: [{ id: 'do', worker: { labels: ['fuzz'] } }] }]);
  await publish(admin, 'called', [{ name: 'work', steps: [{ id: 'do', http, timeout: '30m' }] }]);
  await publish(admin, 'skipped', [
    { name: 'work', optional: true, steps: [{ id: 'do', worker: { labels: ['nobody'] } }] },
    { name: 'after', steps: [{ id: 'do', command: 'true' }] },
  ]);
}
