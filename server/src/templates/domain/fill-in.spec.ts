import { describe, expect, it } from '@jest/globals';
import { fillIn } from './fill-in.js';

interface Asked {
  readonly profile: string;
  readonly template?: string;
  readonly intake?: string | null;
  readonly project_name?: string;
  readonly metadata?: Record<string, unknown>;
  readonly parameters?: Record<string, unknown> | null;
  readonly budget?: object;
}

const preset = {
  intake: 'Look at everything.',
  project_name: 'payments',
  metadata: { team: 'core', tier: 1 },
  parameters: { depth: 'full', run_tests: true },
  budget: { max_cost_usd: 5, max_tokens: 1000 },
};

describe('a template', () => {
  it('gives what the run says nothing about', () => {
    const asked: Asked = { profile: 'p', template: 't' };
    expect(fillIn(asked, preset)).toEqual({
      profile: 'p',
      template: 't',
      ...preset,
    });
  });

  it('gives way to what the run says, also that there is to be none', () => {
    const asked: Asked = { profile: 'p', intake: null, project_name: 'other' };
    expect(fillIn(asked, preset)).toMatchObject({ intake: null, project_name: 'other' });
  });

  it('is mixed key by key into metadata, parameters and budget', () => {
    const asked: Asked = {
      profile: 'p',
      metadata: { tier: 2 },
      parameters: { depth: 'quick' },
      budget: { max_tokens: 7 },
    };
    expect(fillIn(asked, preset)).toMatchObject({
      metadata: { team: 'core', tier: 2 },
      parameters: { depth: 'quick', run_tests: true },
      budget: { max_cost_usd: 5, max_tokens: 7 },
    });
    const none: Asked = { profile: 'p', parameters: null };
    expect(fillIn(none, preset).parameters).toBeNull();
  });
});
