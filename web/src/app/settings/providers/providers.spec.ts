import { afterEach, describe, expect, it } from 'vitest';
import { ADMIN, MEMBER } from '../../../testing/fixtures';
import { ConsolePage, ok, problem } from '../../../testing/console-page';
import type { MeDto } from '../../api/generated/models';
import type { Provider } from './providers-gateway';

const PROVIDER: Provider = {
  ...{ provider_id: 'p-1', kind: 'anthropic', name: 'house', scope: 'everyone', source: 'stored' },
  ...{
    base_url: 'http://127.0.0.1:9',
    region: null,
    api: null,
    has_key: true,
    default_model: 'claude-sonnet-4-5',
  },
  ...{ agent_models: {}, priority: 0, enabled: true },
};
const GIVEN: Provider = {
  ...PROVIDER,
  provider_id: 'environment-openai',
  name: 'openai',
  source: 'environment',
};
const MANAGER: MeDto = {
  ...ADMIN,
  permissions: [...ADMIN.permissions, 'providers:own', 'providers:manage'],
};
const OWNER: MeDto = { ...MEMBER, permissions: [...MEMBER.permissions, 'providers:own'] };

describe('model providers', () => {
  let page: ConsolePage;

  afterEach(() => page.close());

  const open = (who = MANAGER, providers: readonly Provider[] = [PROVIDER, GIVEN]) =>
    ConsolePage.open('/settings/providers', who, { 'GET /providers': ok({ providers }) });

  it('are added with a key that is not shown again', async () => {
    page = await open(MANAGER, []);
    expect(page.text).toContain('No model providers');
    page.answer('POST /providers', ok(PROVIDER, 201));
    page.answer('GET /providers', ok({ providers: [PROVIDER] }));
    await page.type('#provider-name', 'house');
    await page.type('#provider-key', 'sk-entered');
    await page.submit();
    await page.until(() => page.text.includes('house'));
    expect(page.sent('POST /providers')[0]?.body).toEqual({
      ...{ kind: 'anthropic', name: 'house', scope: 'own', key: 'sk-entered', priority: 0 },
      ...{ base_url: null, region: null, api: null, default_model: 'claude-sonnet-4-5' },
    });
    expect(page.text).not.toContain('sk-entered');
  });

  it('are called for a test, and say what happened', async () => {
    page = await open();
    page.answer(
      'POST /providers/p-1/test',
      ok({
        ...{ ok: false, model: 'claude-sonnet-4-5', duration_ms: 12, status: 401 },
        ...{ message: 'The provider answered 401: invalid key', input_tokens: null, output_tokens: null },
      }),
    );
    await page.click('Test');
    await page.until(() => page.text.includes('invalid key'));
    expect(page.text).toContain('✗');
  });

  it('are changed without the key, and removed after a question', async () => {
    page = await open();
    page.answer('PATCH /providers/p-1', ok(PROVIDER));
    await page.click('Change');
    await page.type('#provider-model', 'claude-opus-4-5');
    await page.submit();
    expect(page.sent('PATCH /providers/p-1')[0]?.body).toMatchObject({ default_model: 'claude-opus-4-5' });
    expect(page.sent('PATCH /providers/p-1')[0]?.body).not.toHaveProperty('key');
    page.answer('DELETE /providers/p-1', ok(null, 204));
    page.answer('GET /providers', ok({ providers: [] }));
    await page.click('Remove');
    expect(page.text).toContain('Remove house?');
    page.confirm();
    await page.until(() => page.text.includes('No model providers'));
  });

  it('of everybody and of the environment are not a member’s to change', async () => {
    page = await open(OWNER);
    expect(page.text).toContain('from the environment');
    for (const word of ['Test', 'Change', 'Remove', 'Turn off']) {
      expect(page.all('button').map((button) => button.textContent.trim())).not.toContain(word);
    }
    expect(page.text).not.toContain('everybody’s runs ');
  });

  it('that cannot be set up say why', async () => {
    page = await open();
    page.answer('POST /providers', problem(409, 'There is a provider house already.'));
    await page.type('#provider-name', 'house');
    await page.submit();
    await page.until(() => page.text.includes('There is a provider house already.'));
  });
});
