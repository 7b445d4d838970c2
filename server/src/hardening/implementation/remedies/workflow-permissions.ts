import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from 'yaml';
import type { Repository } from '../../repository.js';
import type { FileChange, LeftAlone, Proposal, Remedy } from '../remedy.js';

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/u;

/** Actions that need no more than to read the repository. */
const READING_ACTIONS =
  /^(?:actions\/(?:checkout|setup-[\w-]+|cache(?:\/\w+)?|upload-artifact|download-artifact)|dtolnay\/rust-toolchain|Swatinem\/rust-cache|pnpm\/action-setup|astral-sh\/setup-uv|golangci\/golangci-lint-action)@/u;
const MAY_WRITE =
  /github\.token|GITHUB_TOKEN|git\s+push|\bgh\s|npm\s+publish|twine|docker\s+push|id-token|workflow_call/u;

/** Takes write access from workflows that only build and test. */
export const workflowPermissions: Remedy = {
  id: 'workflow_permissions',
  title: 'Give workflows no more than read access',
  reason:
    'A workflow without `permissions` may get a token that can write to the repository. Only workflows that use ' +
    'reading actions and never mention the token, a push or a release are touched.',
  propose,
};

async function propose(repository: Repository): Promise<Proposal> {
  const changes: FileChange[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const file of repository.files) {
    const text = WORKFLOW.test(file.path) ? await repository.readText(file) : null;
    if (text === null) continue;
    const answer = restrict(text);
    if (answer.kind === 'restricted') changes.push({ path: file.path, content: answer.text });
    if (answer.kind === 'unsure') leftAlone.push({ path: file.path, reason: answer.reason });
  }
  return { changes, leftAlone };
}

type Answer =
  | { readonly kind: 'restricted'; readonly text: string }
  | { readonly kind: 'unsure'; readonly reason: string }
  /** Permissions are stated already, or the file is no workflow. */
  | { readonly kind: 'fine' };

/** Adds `permissions: contents: read` in front of `jobs`, where that is certainly enough. */
export function restrict(text: string): Answer {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents))
    return { kind: 'unsure', reason: 'it is not valid YAML' };
  if (!document.has('jobs') || statesPermissions(document)) return { kind: 'fine' };
  if (MAY_WRITE.test(text) || !usesOnlyReaders(text)) {
    return { kind: 'unsure', reason: 'its jobs may need to write; state the permissions they need' };
  }
  const offset = offsetOfKey(document.contents, 'jobs');
  if (offset === undefined || (offset > 0 && text[offset - 1] !== '\n')) {
    return { kind: 'unsure', reason: 'its layout is not the usual one' };
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = `permissions:${eol}  contents: read${eol}${eol}`;
  return { kind: 'restricted', text: `${text.slice(0, offset)}${block}${text.slice(offset)}` };
}

/** Where a key of a mapping begins in the text. */
function offsetOfKey(map: YAMLMap, name: string): number | undefined {
  const key = map.items.map((pair): unknown => pair.key).find((one) => isScalar(one) && one.value === name);
  return isScalar(key) ? key.range?.[0] : undefined;
}

function statesPermissions(document: Document): boolean {
  const jobs = document.get('jobs');
  const inJob = isMap(jobs) && jobs.items.some(({ value }) => isMap(value) && value.has('permissions'));
  return document.has('permissions') || inJob;
}

/** Every `uses:` is a known reading action or lies in the repository itself. */
const usesOnlyReaders = (text: string): boolean =>
  [...text.matchAll(/^\s*(?:-\s+)?uses:\s*["']?([^\s"'#]+)/gmu)].every(([, action = '']) =>
    READING_ACTIONS.test(action),
  );
