import { extension, isForeign, isGenerated } from '../../domain/paths.js';
import {
  indentationOf,
  majorityIndentation,
  type FileIndentation,
  type Indentation,
} from '../../domain/indentation.js';
import { languageOf } from '../../discovery/languages.js';
import type { Repository } from '../../repository.js';
import { leave, nothing, type Proposal, type Remedy } from '../remedy.js';

const MAX_FILES = 2000;
const MAX_BYTES = 256 * 1024;

/** Writes down the layout that the files have already; settings on which they disagree are left out. */
export const editorconfig: Remedy = {
  id: 'editorconfig',
  title: 'Tell editors the layout that the files have',
  reason:
    'Editors that guess indentation and line ends make noise in reviews. The settings were measured on the ' +
    'files of this repository; no file is changed.',
  propose,
};

interface Measured {
  files: number;
  crlf: number;
  withoutFinalNewline: number;
  readonly byExtension: Map<string, FileIndentation[]>;
  makefile: boolean;
}

async function propose(repository: Repository): Promise<Proposal> {
  if (repository.files.some(({ path }) => path === '.editorconfig')) return nothing;
  const measured = await measure(repository);
  if (measured.files === 0) return leave(null, 'there are no source files to measure the layout on');
  return { changes: [{ path: '.editorconfig', content: render(measured) }], leftAlone: [] };
}

async function measure(repository: Repository): Promise<Measured> {
  const sum: Measured = {
    files: 0,
    crlf: 0,
    withoutFinalNewline: 0,
    byExtension: new Map(),
    makefile: false,
  };
  for (const file of repository.files) {
    if (sum.files >= MAX_FILES) break;
    if (file.sizeBytes === 0 || isForeign(file.path) || isGenerated(file.path)) continue;
    const language = languageOf(file.path, '');
    const text = language === null ? null : await repository.readText(file, MAX_BYTES);
    if (language === null || text === null) continue;
    sum.files += 1;
    if (text.includes('\r\n')) sum.crlf += 1;
    if (!text.endsWith('\n')) sum.withoutFinalNewline += 1;
    if (language.name === 'Makefile') sum.makefile = true;
    const ext = extension(file.path);
    if (ext === '' || language.kind === 'prose') continue;
    sum.byExtension.set(ext, [...(sum.byExtension.get(ext) ?? []), indentationOf(text)]);
  }
  return sum;
}

function render(measured: Measured): string {
  const general = ['root = true', '', '[*]', 'charset = utf-8'];
  if (measured.crlf === 0) general.push('end_of_line = lf');
  if (measured.withoutFinalNewline / measured.files <= 0.1) general.push('insert_final_newline = true');
  const sections = [...groups(measured.byExtension)].map(([setting, extensions]) =>
    section(extensions, setting),
  );
  if (measured.makefile) sections.push('[Makefile]\nindent_style = tab');
  return `${[general.join('\n'), ...sections].join('\n\n')}\n`;
}

/** Extensions by the setting they share, in order of the alphabet. */
function groups(byExtension: Measured['byExtension']): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [ext, files] of [...byExtension].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const majority = majorityIndentation(files);
    if (majority === null || !/^\.\w+$/u.test(ext)) continue;
    const setting = settingOf(majority);
    found.set(setting, [...(found.get(setting) ?? []), ext.slice(1)]);
  }
  return found;
}

const settingOf = (indentation: Indentation): string =>
  indentation.style === 'tab'
    ? 'indent_style = tab'
    : `indent_style = space\nindent_size = ${indentation.size}`;

const section = (extensions: readonly string[], setting: string): string =>
  `[*.${extensions.length === 1 ? extensions[0] : `{${extensions.join(',')}}`}]\n${setting}`;
