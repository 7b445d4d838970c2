import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readDocument, ROOT } from './documents.js';

it('docs/asvs.md names evidence that is there', async () => {
  const named = [...(await readDocument('docs/asvs.md')).matchAll(/`([\w./-]+\/[\w.-]+\.\w+)`/gu)].map(
    ([, path]) => String(path),
  );
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(join(ROOT, path)) && path !== '/openapi.json')).toEqual([]);
});
