import { describe, expect, it } from '@jest/globals';
import { webhookTarget } from './target.js';

describe('the address of a webhook', () => {
  it('is https, and http only where private addresses are allowed', () => {
    expect(webhookTarget('https://example.org/hook?x=1#part', false)).toBe('https://example.org/hook?x=1');
    expect(webhookTarget('http://10.0.0.1/hook', true)).toBe('http://10.0.0.1/hook');
    expect(() => webhookTarget('http://example.org/hook', false)).toThrow('must use https');
  });

  it.each(['file:///etc/passwd', 'gopher://example.org', 'javascript:alert(1)', 'example.org', ''])(
    'is not %j',
    (text) => {
      expect(() => webhookTarget(text, true)).toThrow('The URL of the webhook');
    },
  );

  it('holds no credentials', () => {
    expect(() => webhookTarget('https://user:word@example.org/', true)).toThrow('must not hold credentials');
  });
});
