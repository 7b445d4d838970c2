import { describe, expect, it } from '@jest/globals';
import { normaliseProfile } from './normalise.js';
import { validateParameters } from './parameters.js';
import type { ProfileDefinition } from './profile.js';

const profile = (parameters?: Record<string, unknown>, when?: string): ProfileDefinition =>
  normaliseProfile({
    apiVersion: 'orchestrator/v1',
    name: 'sample',
    title: 'Sample',
    ...(parameters && { parameters }),
    phases: [{ name: 'one', ...(when !== undefined && { when }), steps: [{ id: 'a', command: 'true' }] }],
  });

const CHANNEL = {
  type: 'object',
  properties: { channel: { type: 'string', enum: ['stable', 'beta'], default: 'stable' } },
  additionalProperties: false,
};

describe('validateParameters', () => {
  it('fills in defaults and leaves what was given untouched', () => {
    const given = {};
    expect(validateParameters(profile(CHANNEL), given)).toEqual({
      kind: 'valid',
      values: { channel: 'stable' },
    });
    expect(given).toEqual({});
  });

  it.each([
    [{ channel: 'nightly' }, '/parameters/channel', 'must be one of stable, beta'],
    [{ channel: 3 }, '/parameters/channel', 'must be a text'],
    [{ colour: 'red' }, '/parameters/colour', 'is not known'],
  ])('points at what is wrong in %j', (given, path, words) => {
    expect(validateParameters(profile(CHANNEL), given)).toMatchObject({
      kind: 'invalid',
      problems: expect.arrayContaining([{ path, message: expect.stringContaining(words) }]),
    });
  });

  it('names a required parameter that is missing', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    expect(validateParameters(profile(schema), {})).toEqual({
      kind: 'invalid',
      problems: [{ path: '/parameters', message: 'The value needs the property a.' }],
    });
  });

  it('takes none where the profile declares none', () => {
    expect(validateParameters(profile(), {})).toEqual({ kind: 'valid', values: {} });
    expect(validateParameters(profile(), { a: 1 })).toEqual({
      kind: 'invalid',
      problems: [{ path: '/parameters/a', message: 'This profile takes no parameters.' }],
    });
  });

  it('refuses values on which a condition of the profile cannot be evaluated', () => {
    const open = { type: 'object', properties: { size: {} } };
    expect(validateParameters(profile(open, 'parameters.size > 3'), { size: 4 })).toMatchObject({
      kind: 'valid',
    });
    expect(validateParameters(profile(open, 'parameters.size > 3'), { size: 'big' })).toMatchObject({
      kind: 'invalid',
      problems: [{ path: '/parameters' }],
    });
  });

  it('does not let a key reach the prototype', () => {
    const given = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
    validateParameters(profile({ type: 'object' }), given);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(validateParameters(profile(CHANNEL), given).kind).toBe('invalid');
  });

  it('tells several patterns apart', () => {
    const text = (pattern: string): object => ({ type: 'string', pattern });
    const schema = { type: 'object', properties: { a: text('^a$'), b: text('^b$') } };
    expect(validateParameters(profile(schema), { a: 'a', b: 'b' }).kind).toBe('valid');
    expect(validateParameters(profile(schema), { a: 'b', b: 'b' })).toMatchObject({
      problems: [{ path: '/parameters/a' }],
    });
  });

  it('runs patterns of the schema in linear time', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a|aa)+$' } } };
    const started = performance.now();
    expect(validateParameters(profile(schema), { a: `${'a'.repeat(50_000)}!` }).kind).toBe('invalid');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
