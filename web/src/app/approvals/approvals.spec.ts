import { ConsolePage, ok } from '../../testing/console-page';
import { ADMIN } from '../../testing/fixtures';

const AT = '2026-11-22T12:00:00.000Z';
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the inbox', () => {
  it('lists what waits for a person, with the way there', async () => {
    const waiting = (kind: 'approval' | 'agent', reason: string | null) => ({
      ...{ run_id: kind, project_name: `p-${kind}`, profile: 'self_hardening', phase: 'test', step: 's' },
      ...{ kind, since: AT, may_act: reason === null, reason },
    });
    page = await ConsolePage.open('/approvals', ADMIN, {
      'GET /approvals': ok({
        items: [
          { ...waiting('approval', 'You have decided already.'), run_id: 'other' },
          waiting('approval', null),
          waiting('agent', null),
        ],
      }),
    });
    expect(page.control('Review').getAttribute('href')).toBe('/runs/approval/phases?phase=test&step=s');
    expect(page.control('Deliver').getAttribute('href')).toBe('/runs/agent/phases?phase=test&step=s');
    expect(page.all('tbody tr').at(-1)?.textContent).toContain('Not for you: You have decided already.');
    page.answer('GET /approvals', ok({ items: [] }));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.text.includes('Nothing waits for a person'));
  });
});
