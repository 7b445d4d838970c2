import type { Inventory } from '../discovery/inventory.js';
import { code, document, percent, plain, plural, table } from '../domain/markdown.js';

/** The inventory for people. */
export function inventoryMarkdown(inventory: Inventory): string {
  return document(
    '# Inventory',
    '## Size',
    sizeText(inventory),
    '## Languages',
    languages(inventory),
    '## Manifests and lock files',
    manifests(inventory),
    '## Licences',
    licences(inventory),
    '## Tests and continuous integration',
    tests(inventory),
    '## Documents',
    list(inventory.documents),
  );
}

function sizeText(inventory: Inventory): string {
  const facts = [
    `- ${plural(inventory.files, 'tracked file')}, ${inventory.bytes} bytes, ${plural(inventory.lines, 'line')} of text`,
    `- ${plural(inventory.binary_files, 'binary file')}, ${plural(inventory.symlinks, 'symbolic link')}, ${plural(inventory.submodules.length, 'submodule')}`,
  ];
  if (inventory.inspected < inventory.files) {
    facts.push(
      `- Only the first ${inventory.inspected} files were inspected: the rest is not in these figures`,
    );
  }
  if (inventory.uncounted_files.length > 0) {
    facts.push(
      `- Lines not counted (too large or unreadable): ${inventory.uncounted_files.map(code).join(', ')}`,
    );
  }
  return facts.join('\n');
}

function languages({ languages: found }: Inventory): string {
  const rows = found
    .slice(0, 30)
    .map((one) => [
      plain(one.name),
      one.kind,
      `${one.files}`,
      `${one.lines}`,
      one.share === null ? '' : percent(one.share),
    ]);
  return table(['Language', 'Kind', 'Files', 'Lines', 'Share of code'], rows) || 'None recognised.';
}

function manifests({ manifests: found, lock_files: locks }: Inventory): string {
  const rows = found.map((one) => [
    code(one.path),
    one.ecosystem,
    one.name === null ? '' : plain(one.name),
    one.licence === null ? '' : plain(one.licence),
    one.dependencies === null ? 'not measured' : `${one.dependencies}`,
  ]);
  const head = ['Manifest', 'Ecosystem', 'Name', 'Licence', 'Dependencies'];
  const lockText = locks
    .map(({ path, package_manager }) => `- ${code(path)} (${package_manager})`)
    .join('\n');
  return [table(head, rows) || 'No manifest found.', lockText || 'No lock file found.'].join('\n\n');
}

const licences = ({ licence_files: files }: Inventory): string =>
  files.map(({ path, spdx }) => `- ${code(path)}: ${spdx ?? 'not one of the common licences'}`).join('\n') ||
  'No licence file found.';

function tests(inventory: Inventory): string {
  const ci = inventory.ci.map(({ path, system }) => `- ${system}: ${code(path)}`).join('\n');
  const examples = inventory.test_examples.map(code).join(', ');
  const found =
    inventory.test_files === 0
      ? 'No test files found.'
      : `${plural(inventory.test_files, 'test file')}, such as ${examples}.`;
  return [found, ci || 'No CI configuration found.'].join('\n\n');
}

const list = (paths: readonly string[]): string =>
  paths.map((path) => `- ${code(path)}`).join('\n') || 'None found.';
