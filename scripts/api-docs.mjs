// `node scripts/api-docs.mjs`: writes the tables of endpoints in docs/api.md from docs/openapi.json; `--check` finds drift.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './tree.mjs';

const FILE = join(root, 'docs/api.md');
const BEGIN = '<!-- Endpoints: written by scripts/api-docs.mjs from docs/openapi.json. -->';
const END = '<!-- End of the endpoints. -->';
/** Every route that asks for credentials may answer these; they are told once, above the tables. */
const COMMON = ['401', '403', '429'];
const HEAD = '| endpoint | what it does | needs | answers |\n| --- | --- | --- | --- |';
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const present = readFileSync(FILE, 'utf8');
const wanted = await format(withEndpoints(present), { ...(await resolveConfig(FILE)), filepath: FILE });
if (process.argv[2] !== '--check') writeFileSync(FILE, wanted);
else if (present !== wanted) {
  console.error(
    'docs/api.md is not what docs/openapi.json says: run `npm run openapi` and commit the result.',
  );
  process.exitCode = 1;
}

function withEndpoints(text) {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/api.md has lost the marks around its endpoints');
  return `${before}${BEGIN}\n\n${sections()}\n\n${END}${after}`;
}

function sections() {
  const { paths } = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
  const byTag = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0];
      byTag.set(tag, [...(byTag.get(tag) ?? []), row(method, path, operation)]);
    }
  }
  return [...byTag].map(([tag, rows]) => `### ${titleOf(tag)}\n\n${HEAD}\n${rows.join('\n')}`).join('\n\n');
}

function row(method, path, { summary, description, security, responses }) {
  const what = [`${summary}.`, description].filter(Boolean).join(' ');
  const own = Object.keys(responses).filter((status) => !security || !COMMON.includes(status));
  return `| \`${method.toUpperCase()} ${path}\` | ${cell(what)} | ${neededBy(security, responses)} | ${own.join(', ')} |`;
}

/** The permission that the refusal names: route and document say it in one place. */
function neededBy(security, responses) {
  if (!security) return 'nothing';
  const refusal = responses['403']?.description ?? '';
  const permission = /permission `([a-z_:]+)`/.exec(refusal)?.[1];
  if (permission) return `\`${permission}\``;
  return refusal.includes('narrowed') ? 'a sign-in, or a key without scopes' : 'any sign-in or key';
}

function titleOf(tag) {
  if (tag === 'api-keys') return 'API keys';
  return tag.charAt(0).toUpperCase() + tag.slice(1);
}
