import { brokenLinks, linkTargets, type LinkTargets } from '../content/links.js';
import { isMarkdown, outlineOf, type MarkdownOutline } from '../content/markdown.js';
import { findSecrets } from '../content/secrets.js';
import { newTally, readTexts } from '../content/text.js';
import { counted, describeSize } from '../content/wording.js';
import { findDuplicates } from './duplicates.js';
import {
  FindingLog,
  INSPECTION_LIMITS,
  type HygieneInspection,
  type InspectedFile,
  type InspectionLimits,
} from './inspection.js';
import { conflictMarks, notebookOutputs, placeholders } from './leftovers.js';
import { isKnownEmpty, orphanIn } from './names.js';

/** Files larger than this, in bytes, are findings. */
export const LARGE_FILE_BYTES = 1024 ** 2;

export interface InspectionOptions {
  readonly limits?: Partial<InspectionLimits>;
  /** Paths beside the files to which a relative link may lead. */
  readonly furtherFiles?: Iterable<string>;
}

/**
 * Inspects what a run produced: secrets, large files, leftovers, broken links, empty and duplicate files,
 * notebook outputs, orphans. Bounded in files, bytes and kept findings; what a limit left out is a note.
 */
export async function inspect(
  files: readonly InspectedFile[],
  { limits: given = {}, furtherFiles = [] }: InspectionOptions = {},
): Promise<HygieneInspection> {
  const limits = { ...INSPECTION_LIMITS, ...given };
  const inspected = files.slice(0, limits.files);
  const log = new FindingLog(limits.findings);
  const notes: string[] = [];
  if (files.length > inspected.length) {
    notes.push(
      `${counted(files.length - inspected.length, 'file')} not looked at: the limit is ${limits.files}.`,
    );
  }
  inspectNames(inspected, log);
  const targets = linkTargets([...files.map(({ path }) => path), ...furtherFiles]);
  await inspectTexts(inspected, targets, limits, log, notes);
  for (const { path, original } of await findDuplicates(inspected, limits.bytesPerFile)) {
    log.add('empty_or_duplicate', path, null, `The same content as ${original}.`);
  }
  return log.result(inspected.length, notes);
}

function inspectNames(files: readonly InspectedFile[], log: FindingLog): void {
  const orphans = new Map<string, string>();
  for (const { path, sizeBytes } of files) {
    const orphan = orphanIn(path);
    if (orphan !== null) orphans.set(orphan.path, orphan.reason);
    if (sizeBytes > LARGE_FILE_BYTES) {
      log.add(
        'large_file',
        path,
        null,
        `${describeSize(sizeBytes)}, more than ${describeSize(LARGE_FILE_BYTES)}.`,
      );
    }
    if (sizeBytes === 0 && !isKnownEmpty(path))
      log.add('empty_or_duplicate', path, null, 'The file is empty.');
  }
  for (const [path, reason] of orphans) log.add('orphan', path, null, reason);
}

async function inspectTexts(
  files: readonly InspectedFile[],
  targets: LinkTargets,
  limits: InspectionLimits,
  log: FindingLog,
  notes: string[],
): Promise<void> {
  const tally = newTally();
  // Nothing within an orphan, such as a committed node_modules, is the run's own work.
  const own = files.filter(({ path }) => orphanIn(path) === null);
  for await (const { file, text } of readTexts(own, tally, {
    perFile: limits.bytesPerFile,
    total: limits.bytesInAll,
  })) {
    for (const { path, line, rule } of await findSecrets(file.path, text)) {
      log.add('secret', path, line, `A secret, found by ${rule}.`);
    }
    inspectText(file.path, text, targets, log, notes);
  }
  if (tally.cut.size > 0) {
    notes.push(
      `Only the first ${describeSize(limits.bytesPerFile)} of ${counted(tally.cut.size, 'file')} was looked at.`,
    );
  }
  if (tally.unread.size > 0) {
    notes.push(
      `${counted(tally.unread.size, 'file')} not read: more than ${describeSize(limits.bytesInAll)} in all.`,
    );
  }
}

function inspectText(
  path: string,
  text: string,
  targets: LinkTargets,
  log: FindingLog,
  notes: string[],
): void {
  for (const { line, text: mark } of conflictMarks(path, text)) {
    log.add('leftover', path, line, `A mark of an unresolved merge conflict: ${mark}`);
  }
  const outputs = notebookOutputs(path, text);
  if (outputs > 0) log.add('notebook_output', path, null, `${counted(outputs, 'cell')} with saved output.`);
  const outline: MarkdownOutline | null = isMarkdown(path) ? outlineOf(text) : null;
  if (isMarkdown(path) && outline === null) notes.push(`${path} took too long to be read as Markdown.`);
  for (const { line, text: word } of placeholders(path, text, outline)) {
    log.add('leftover', path, line, `A placeholder: ${word}`);
  }
  if (outline === null) return;
  for (const link of brokenLinks(path, outline, targets)) {
    log.add('broken_link', path, link.line, `Leads to ${link.text.slice(0, 200)}, which is not there.`);
  }
}
