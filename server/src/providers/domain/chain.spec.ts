import { describe, expect, it } from '@jest/globals';
import { chainOf, type Candidate } from './chain.js';
import { callAddress } from './provider-kind.js';

const provider = (name: string, changes: Partial<Candidate> = {}): Candidate => ({
  id: name,
  kind: 'anthropic',
  name,
  defaultModel: `${name}-model`,
  agentModels: {},
  priority: 0,
  enabled: true,
  ownerId: null,
  ...changes,
});

const asked = (providers: readonly Candidate[], model = 'default', agent = 'architect'): string[] =>
  chainOf(providers, { model, agent, ownerId: 'me' }).map((link) => `${link.provider.name}/${link.model}`);

describe('the chain of models', () => {
  it("asks the owner's own providers first, then everybody's, by priority and name", () => {
    const providers = [
      provider('b', { priority: 1 }),
      provider('d'),
      provider('c'),
      provider('mine', { ownerId: 'me', priority: 9 }),
    ];
    expect(asked(providers)).toEqual(['mine/mine-model', 'c/c-model', 'd/d-model', 'b/b-model']);
  });

  it("leaves out other people's providers, those that are switched off, and those without a default model", () => {
    const providers = [
      provider('theirs', { ownerId: 'you' }),
      provider('off', { enabled: false }),
      provider('bare', { defaultModel: null }),
    ];
    expect(asked(providers)).toEqual([]);
  });

  it('has a model of its own for an agent where the provider names one', () => {
    const providers = [provider('a', { agentModels: { architect: 'large' } })];
    expect(asked(providers)).toEqual(['a/large']);
    expect(asked(providers, 'default', 'qa')).toEqual(['a/a-model']);
    expect(asked(providers, 'default', 'toString')).toEqual(['a/a-model']);
  });

  it('takes a model that a step names from the providers of that name or kind alone', () => {
    const providers = [provider('a'), provider('ollama', { kind: 'openai_compatible' })];
    expect(asked(providers, 'ollama:qwen3:8b')).toEqual(['ollama/qwen3:8b']);
    expect(asked(providers, 'anthropic:claude-x')).toEqual(['a/claude-x']);
    expect(asked(providers, 'openai:gpt-5')).toEqual([]);
  });
});

describe('the address of a provider', () => {
  it.each([
    ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com/v1'],
    ['anthropic', 'https://api.anthropic.com/v1/', 'https://api.anthropic.com/v1'],
    ['openai_compatible', 'http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
    ['openai_compatible', 'https://host/api/paas/v4', 'https://host/api/paas/v4'],
    ['google', 'https://host/v1beta', 'https://host/v1beta'],
    ['google', 'https://host', 'https://host/v1beta'],
    ['bedrock', 'https://host/', 'https://host'],
  ] as const)('of %s at %s is %s', (kind, given, called) => {
    expect(callAddress(kind, given)).toBe(called);
  });
});
