import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { readEnvironment, variableNames } from './read-environment.js';

const read = (environment: Record<string, string>) => readEnvironment(environment, '/srv/app');

describe('the environment', () => {
  it('may be empty: every setting has a default', () => {
    expect(read({})).toMatchObject({
      port: 8000,
      host: '127.0.0.1',
      dataDir: '/srv/app/.orchestrator',
      databaseUrl: null,
      role: 'all',
      repositoryRoots: ['/srv/app'],
      profilesDir: null,
      secretKey: null,
      adminEmail: null,
      authTrustedHeaders: false,
      trustedProxies: ['127.0.0.0/8', '::1/128'],
      rateLimitPerMinute: null,
      retention: { archiveDays: null, purgeDays: null },
    });
  });

  it('gives the documented limits in bytes and milliseconds', () => {
    expect(read({}).limits).toMatchObject({
      logBytesPerStep: 10_485_760,
      artifactBytes: 104_857_600,
      artifactsPerRun: 10_000,
      leaseMs: 15_000,
      heartbeatMs: 5000,
      sweepMs: 5000,
      graceMs: 10_000,
      stepConcurrency: 4,
    });
  });

  it('reads limits of roles, and refuses those of roles that are none', () => {
    expect([...read({ RATE_LIMIT_ROLES: 'admin=1000/50, viewer=60' }).rateLimitRoles]).toEqual([
      ['admin', { perMinute: 1000, burst: 50 }],
      ['viewer', { perMinute: 60, burst: null }],
    ]);
    expect(() => read({ RATE_LIMIT_ROLES: 'everybody=5' })).toThrow('RATE_LIMIT_ROLES');
  });

  it('treats an empty value as unset', () => {
    expect(read({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 8000, databaseUrl: null });
  });

  it('resolves folders against the folder of the start', () => {
    const values = read({ REPOSITORY_ROOTS: 'a:/b', DATA_DIR: 'data', PROFILES_DIR: '../profiles' });
    expect(values.repositoryRoots).toEqual(['/srv/app/a', '/b']);
    expect(values.dataDir).toBe('/srv/app/data');
    expect(values.profilesDir).toBe('/srv/profiles');
  });

  it('drops the slash at the end of the public address', () => {
    expect(read({ PUBLIC_URL: 'https://example.org/orc/' }).publicUrl).toBe('https://example.org/orc');
  });

  it.each([
    ['PORT', '80 00'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'not a url'],
    ['ROLE', 'everything'],
    ['LOG_LEVEL', 'loud'],
    ['AUTH_TRUSTED_HEADERS', 'maybe'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.local'],
    ['SECRET_KEY', 'short'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['MAX_ARTIFACT_MIB', '1.5'],
    ['RETENTION_ARCHIVE_DAYS', '0'],
    ['RETENTION_PURGE_DAYS', 'never'],
    ['HEARTBEAT_SECONDS', '15'],
    ['PUBLIC_URL', 'example.org'],
  ])('refuses %s=%s in a sentence that names the variable', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} must .*\\.$`, 'm'));
  });

  it('names the half of the first administrator that is missing', () => {
    expect(() => read({ ADMIN_EMAIL: 'a@example.org' })).toThrow(/^ADMIN_PASSWORD is missing/);
    expect(() => read({ ADMIN_PASSWORD: 'a long enough password' })).toThrow(/^ADMIN_EMAIL is missing/);
  });

  it('reports all wrong variables at once', () => {
    expect(() => read({ PORT: 'x', ROLE: 'x' })).toThrow(/PORT must[^]*ROLE must/);
  });

  it('never repeats a wrong DATABASE_URL, which may hold a password', () => {
    expect(() => read({ DATABASE_URL: 'mysql://u:hunter2@h/d' })).not.toThrow(/hunter2/);
  });

  it('is documented in .env.example, variable by variable', async () => {
    const text = await readFile(`${import.meta.dirname}/../../../.env.example`, 'utf8');
    const documented = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual([...new Set(variableNames())].sort());
  });

  it('has the defaults that .env.example shows', async () => {
    const text = await readFile(`${import.meta.dirname}/../../../.env.example`, 'utf8');
    const shown = Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, k, v]) => [k, v]));
    expect(read(shown as Record<string, string>)).toEqual(read({}));
  });
});
