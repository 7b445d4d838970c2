// Test files that load the specs of server/test in groups. Loading the application's modules takes a file longer than most
// specs take to run, so the whole suite loads them once a group. A single spec is run by its own path as ever.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tree.mjs';

const tests = join(root, 'server/test');
const folder = join(tests, 'groups');
/** Enough for every worker to stay busy until the end. */
const GROUPS = 24;

/** What Jest is to look for instead of every spec: the groups, and the specs beside the code, which load little. */
export const groupedTests = ['<rootDir>/test/groups/*.group.ts', '<rootDir>/src/**/*.spec.ts'];

/** Writes the groups, each about as large as the others: what is largest goes where there is least. */
export function writeGroups() {
  removeGroups();
  mkdirSync(folder);
  const specs = readdirSync(tests, { recursive: true })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => ({ name, size: statSync(join(tests, name)).size }))
    .sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));
  const groups = Array.from({ length: GROUPS }, () => ({ size: 0, names: [] }));
  for (const { name, size } of specs) {
    const smallest = groups.reduce((least, group) => (group.size < least.size ? group : least));
    smallest.size += size;
    smallest.names.push(name);
  }
  groups.forEach(({ names }, index) => {
    const imports = names.map((name) => `import '../${name.replace(/\.ts$/, '.js')}';\n`);
    writeFileSync(join(folder, `${String(index + 1)}.group.ts`), imports.join(''));
  });
}

export function removeGroups() {
  rmSync(folder, { recursive: true, force: true });
}
