import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, aRun, RUN_ID } from '../../../testing/fixtures';
import { aProfile } from '../../../testing/profile-fixtures';

const SCHEMA = {
  type: 'object',
  properties: {
    run_tests: { type: 'boolean', default: true },
    depth: { type: 'string', enum: ['quick', 'full'] },
    minutes: { type: 'integer', maximum: 10 },
    command: { type: 'string' },
    extra: { type: 'object' },
  },
};
const PROFILES = ok({
  profiles: [
    aProfile({
      parameters: SCHEMA,
      deliverables: Array.from({ length: 6 }, (_, index) => ({
        phase: 'discovery',
        path: `d${String(index)}.md`,
        type: null,
        required: true,
        description: null,
      })),
    }),
    aProfile({ name: 'data_pipeline', title: 'Data pipeline', repository: 'none' }),
    aProfile({ name: 'web_app', title: 'Web app', repository: 'optional' }),
  ],
  total: 3,
  limit: 200,
  offset: 0,
});
const CREATED = ok(aRun(), 201);
const open = (url = '/runs/new') => ConsolePage.open(url, ADMIN, { 'GET /profiles': PROFILES });
const start = () => page.control('Start the run');
const fillIn = async () => {
  await page.type('#new-place', 'https://example.org/x.git');
  await page.type('textarea', 'Harden it.');
};
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('a new run', () => {
  it('is started with what was chosen and typed', async () => {
    page = await open();
    expect(start().disabled).toBe(true);
    page.find('input[type=radio][value=self_hardening]').click();
    await page.settle();
    expect(page.text).toContain('and 2 more');
    await fillIn();
    await page.type('#new-ref', 'main');
    await page.type('#new-name', 'demo');
    await page.type('#new-cost', '2.5');
    page.find('o-parameter-form input[type=checkbox]').click();
    await page.settle();
    await page.type('#parameter-depth', 'full', 'change');
    await page.type('#parameter-minutes', '5');
    await page.type('#parameter-command', 'npm test');
    await page.type('#parameter-extra', '{"a":1}', 'change');
    expect(page.find('pre').textContent).toContain('run create');
    page.answer('POST /runs', CREATED);
    page.answer(`GET /runs/${RUN_ID}`, ok(aRun()));
    await page.submit();
    await page.until(() => page.url === `/runs/${RUN_ID}/phases`);
    expect(page.sent('POST /runs')[0]?.body).toEqual({
      profile: 'self_hardening',
      project_name: 'demo',
      intake: 'Harden it.',
      auto_advance: true,
      repository: { url: 'https://example.org/x.git', ref: 'main' },
      budget: { max_cost_usd: 2.5 },
      parameters: { run_tests: false, depth: 'full', minutes: 5, command: 'npm test', extra: { a: 1 } },
    });
    expect(sessionStorage.getItem('orchestrator.draft.new-run')).toBeNull();
  });

  it('is judged while it is typed', async () => {
    page = await open('/runs/new?profile=self_hardening');
    await page.type('#new-place', 'http://insecure');
    expect(page.text).toContain('Enter an https address');
    await page.type('#new-cost', '-1');
    expect(page.text).toContain('Enter a number from 0 up.');
    await page.type('#parameter-minutes', '99');
    expect(page.text).toContain('At most 10.');
    expect(start().disabled).toBe(true);
  });

  it('keeps what was typed over an error, and shows the error where it belongs', async () => {
    page = await open('/runs/new?profile=self_hardening');
    await fillIn();
    page.answer(
      'POST /runs',
      problem(400, 'The parameters do not fit.', {
        errors: [{ pointer: '/parameters/command', message: 'is not allowed' }],
      }),
    );
    await page.submit();
    expect(page.text).toContain('The parameters do not fit.');
    expect(page.find('o-parameter-form').textContent).toContain('is not allowed');
    expect(page.field('textarea').value).toBe('Harden it.');
    const [first] = page.sent('POST /runs');
    await page.submit();
    const again = page.sent('POST /runs')[1];
    expect(again?.headers.get('Idempotency-Key')).toBe(first?.headers.get('Idempotency-Key'));
    await page.type('#new-name', 'other');
    await page.submit();
    expect(page.sent('POST /runs')[2]?.headers.get('Idempotency-Key')).not.toBe(
      first?.headers.get('Idempotency-Key'),
    );
  });

  it('keeps what was typed over a reload', async () => {
    page = await open('/runs/new?profile=self_hardening');
    await fillIn();
    page.close();
    page = await open();
    expect(page.field('textarea').value).toBe('Harden it.');
    expect(page.field('#new-place').value).toBe('https://example.org/x.git');
  });

  it('asks for a repository only where the profile uses one', async () => {
    page = await open('/runs/new?profile=data_pipeline');
    expect(page.all('#new-place')).toEqual([]);
    expect(start().disabled).toBe(false);
    page.find('input[type=radio][value=web_app]').click();
    await page.settle();
    expect(page.text).toContain('None');
    page.find('input[type=radio][value=path]').click();
    await page.settle();
    expect(page.text).toContain('Folder, within the allowed roots');
  });

  it('takes its intake from a file, and shows it as it reads', async () => {
    page = await open('/runs/new?profile=data_pipeline');
    const input = page.field('input[type=file]');
    Object.defineProperty(input, 'files', {
      value: [new File(['# From a file'], 'a.md')],
      configurable: true,
    });
    Object.defineProperty(input, 'value', { value: '', writable: true });
    input.dispatchEvent(new Event('change'));
    await page.until(() => page.field('textarea').value === '# From a file');
    await page.click('Preview');
    await page.until(() => page.all('.markdown h1').length === 1);
  });

  it('says so when the profiles cannot be read', async () => {
    page = await ConsolePage.open('/runs/new', ADMIN, { 'GET /profiles': problem(500, 'Internal error') });
    expect(page.text).toContain('Internal error');
    page.answer('GET /profiles', PROFILES);
    await page.click('Try again');
    expect(page.text).toContain('Data pipeline');
  });
});
