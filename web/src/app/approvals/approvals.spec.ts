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
      'GET /mentions': ok({ comments: [] }),
      'GET /approvals': ok({
        items: [
          { ...waiting('approval', 'You have decided already.'), run_id: 'other' },
          waiting('approval', null),
          waiting('agent', null),
        ],
      }),
    });
    expect(page.all('o-mentions section')).toEqual([]);
    expect(page.control('Review').getAttribute('href')).toBe('/runs/approval/phases?phase=test&step=s');
    expect(page.control('Deliver').getAttribute('href')).toBe('/runs/agent/phases?phase=test&step=s');
    expect(page.all('tbody tr').at(-1)?.textContent).toContain('Not for you: You have decided already.');
    page.answer('GET /approvals', ok({ items: [] }));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.text.includes('Nothing waits for a person'));
  });

  it('shows the comments that mention the person, with the way to the run', async () => {
    const author = { user_id: 'u-2', name: 'Grace', email: 'grace@example.org' };
    page = await ConsolePage.open('/approvals', ADMIN, {
      'GET /approvals': ok({ items: [] }),
      'GET /mentions': ok({
        comments: [
          {
            ...{ comment_id: 'c-1', run_id: 'r-1', artifact_id: null, parent_id: null, author },
            ...{ body: '**Please** look.', mentions: [], created_at: AT, edited_at: null },
          },
        ],
      }),
    });
    await page.until(() => page.all('o-mentions strong').some((found) => found.textContent === 'Please'));
    expect(page.find('o-mentions').textContent).toContain('Grace');
    expect(page.control('Open the run').getAttribute('href')).toBe('/runs/r-1/activity');
  });
});
