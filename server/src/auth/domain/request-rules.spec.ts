import { describe, expect, it } from '@jest/globals';
import { nameFromEmail, normalizeEmail } from './email.js';
import { ACCOUNT_POLICY, delayAfter, PAIR_POLICY } from './login-delay.js';
import { passwordFault } from './password-rules.js';
import { judgeRate, rateHeaders, ratePolicy } from './rate-limit.js';
import { isCrossSite, isUnsafeMethod } from './request-origin.js';

describe('the delay after failed sign-ins', () => {
  it('is nothing at first, then doubles from one second up to the maximum', () => {
    expect([0, 4, 5, 6, 7, 14, 15, 1000].map((failures) => delayAfter(failures, PAIR_POLICY))).toEqual([
      ...[0, 0, 1000, 2000, 4000, 512_000, 900_000, 900_000],
    ]);
    expect(delayAfter(10_000, ACCOUNT_POLICY)).toBe(60_000);
  });
});

describe('a new password', () => {
  const fault = (password: string) => passwordFault(password, 'ada@example.org');
  it('needs 12 characters, and the sentence says so', () => {
    expect(fault('eleven char')).toMatch(/at least 12 characters; this one has 11/);
    expect(fault('twelve chars')).toBeNull();
    expect(fault('ünïcödé wörd')).toBeNull();
    expect(fault('🦊🐻🐼🐨🐯🦁')).toMatch(/this one has 6/);
  });
  it('is bounded, varied and not the e-mail', () => {
    expect(fault('x1y2z3'.repeat(50))).toMatch(/at most 256/);
    expect(fault('abababababab')).toMatch(/too few/);
    expect(fault('ADA@example.org')).toMatch(/e-mail/);
    expect(passwordFault('gracehoppergracehopper', 'gracehopper@example.org')).toMatch(/e-mail/);
  });
});

describe('the origin of a request', () => {
  const cross = (
    origin: string | null,
    secFetchSite: string | null = null,
    publicUrl: string | null = null,
  ) => isCrossSite({ origin, secFetchSite, host: 'orchestrator.example:8000' }, publicUrl);
  it('is judged by Sec-Fetch-Site where the browser sends it', () => {
    expect(['same-origin', 'none', 'same-site', 'cross-site'].map((site) => cross(null, site))).toEqual([
      ...[false, false, true, true],
    ]);
  });
  it('is judged by Origin otherwise, with its port', () => {
    expect(cross('http://orchestrator.example:8000')).toBe(false);
    expect(cross('http://orchestrator.example')).toBe(true);
    expect(cross('http://orchestrator.example:8000.evil.example')).toBe(true);
    expect(cross('null')).toBe(true);
    expect(cross(null)).toBe(false);
  });
  it('may be the public address behind a proxy', () => {
    expect(cross('https://public.example', null, 'https://public.example')).toBe(false);
    expect(cross('https://evil.example', null, 'https://public.example')).toBe(true);
    expect(cross('http://public.example', null, 'https://public.example')).toBe(true);
    expect(cross('http://orchestrator.example:8000', null, 'https://orchestrator.example:8000')).toBe(true);
  });
  it('matters for methods that change something', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map(isUnsafeMethod)).toEqual([
      ...[false, false, false, true, true, true, true],
    ]);
  });
});

describe('rate limits', () => {
  const state = { usedInMinute: 100, usedInSecond: 20, resetSeconds: 12 };
  it('are 100 a minute for programs and 600 for the console, 20 in a second', () => {
    expect(ratePolicy('api_key', null, null)).toEqual({ name: 'token', perMinute: 100, burst: 20 });
    expect(ratePolicy('trusted_header', null, null).perMinute).toBe(100);
    expect(ratePolicy('session', null, null)).toEqual({ name: 'session', perMinute: 600, burst: 20 });
  });
  it('follow the settings, where 0 is off', () => {
    expect(ratePolicy('session', 10, 3)).toEqual({ name: 'session', perMinute: 60, burst: 3 });
    expect(ratePolicy('token', 0, 0)).toEqual({ name: 'token', perMinute: null, burst: null });
  });
  it('let the last allowed request through and refuse the next', () => {
    const policy = ratePolicy('token', null, null);
    expect(judgeRate(policy, state)).toEqual({ kind: 'allowed' });
    expect(judgeRate(policy, { ...state, usedInMinute: 101 })).toEqual({
      kind: 'limited',
      retryAfterSeconds: 12,
    });
    expect(judgeRate(policy, { ...state, usedInSecond: 21 })).toEqual({
      kind: 'limited',
      retryAfterSeconds: 1,
    });
  });
  it('never tell of less than nothing remaining', () => {
    const headers = rateHeaders(ratePolicy('token', null, 0), { ...state, usedInMinute: 150 });
    expect(headers).toMatchObject({
      RateLimit: '"token";r=0;t=12',
      'RateLimit-Policy': '"token";q=100;w=60',
    });
  });
});

it('an e-mail has one spelling, and a name can be read from it', () => {
  expect(normalizeEmail(' Ada@Example.ORG ')).toBe('ada@example.org');
  expect(nameFromEmail('ada@example.org')).toBe('ada');
});
