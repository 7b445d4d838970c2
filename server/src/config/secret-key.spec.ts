import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptSecretKey } from './secret-key.js';

describe('the kept secret key', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secret-key-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is the same after a restart, long, and readable by its owner alone', async () => {
    const key = await keptSecretKey(folder);
    expect(key.length).toBeGreaterThanOrEqual(64);
    expect(await keptSecretKey(folder)).toBe(key);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('is one key for callers that come first at once', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => keptSecretKey(folder)));
    expect(new Set(keys).size).toBe(1);
  });
});
