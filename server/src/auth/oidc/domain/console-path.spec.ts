import { describe, expect, it } from '@jest/globals';
import { consolePath } from './console-path.js';

describe('the way back after a sign-in', () => {
  it.each(['/orchestrator/runs?q=pay#log', '/orchestrator/runs/0199/phases', '/orchestrator/'])(
    'may be %s',
    (path) => {
      expect(consolePath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    '',
    '/',
    '/users',
    'https://evil.example/orchestrator/',
    '//evil.example/orchestrator/',
    '/\\evil.example/orchestrator/',
    '/\t/evil.example',
    '/orchestrator/../auth/oidc/login',
    '/orchestrator/%2e%2e/metrics',
    '/orchestrator/..\\..\\auth',
    'javascript:alert(1)',
    '/orchestrator.evil.example',
  ])('is the start page instead of %j', (text) => {
    expect(consolePath(text)).toBe('/orchestrator/');
  });
});
