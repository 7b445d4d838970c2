import type { ArtifactType } from '../../workflow/domain/profile.js';
import { fileName } from './safe-path.js';

const CODE_EXTENSIONS = new Set(
  (
    'ada asm bash bat c cc cjs clj cljs cmake cpp cs css cts cu cxx dart ex exs elm erl f90 fs fsx go gradle graphql ' +
    'groovy h hcl hpp hs hxx ipynb java jl js jsx kt kts less lua m mjs ml mts nim nix php pl pm proto ps1 py pyi ' +
    'r rb rs sass sbt scala scss sh sol sql svelte swift tcl tf ts tsx v vb vhd vue wat zig zsh'
  ).split(' '),
);
const DATA_EXTENSIONS = new Set(
  (
    'arrow avro bin csv db feather geojson h5 hdf5 jsonl json json5 ndjson npy npz onnx orc ods parquet pickle pkl ' +
    'pt safetensors sqlite toml tsv xls xlsx xml yaml yml'
  ).split(' '),
);
const DOCUMENT_EXTENSIONS = new Set(
  'adoc asciidoc doc docx htm html md markdown mdx odt org pdf rst rtf tex txt'.split(' '),
);
const CODE_NAMES = new Set([
  'dockerfile',
  'containerfile',
  'makefile',
  'rakefile',
  'gemfile',
  'jenkinsfile',
  'procfile',
]);
// Python's list of packages: a manifest, although its name has the word.
const PACKAGE_LIST = /^requirements[\w.-]*\.(?:txt|in)$/iu;

const TEST_WORDS = ['test', 'tests', 'testing', 'spec', 'specs', 'qa', 'junit', 'ctrf'];
const REPORT_WORDS = [
  'report',
  'reports',
  'summary',
  'findings',
  'audit',
  'sarif',
  'coverage',
  'inventory',
  'results',
];
const DOCUMENT_WORDS = [
  'readme',
  'changelog',
  'release',
  'guide',
  'manual',
  'documentation',
  'docs',
  'howto',
  'license',
];

const WORDS_OF_TYPE: readonly (readonly [ArtifactType, readonly string[]])[] = [
  ['prd', ['prd']],
  ['requirements', ['requirements', 'requirement']],
  ['architecture', ['architecture', 'architectural', 'adr']],
  ['test', TEST_WORDS],
  ['documentation', DOCUMENT_WORDS],
  ['report', REPORT_WORDS],
];

/**
 * The type of an artifact whose profile declares none: by whole words of its name (`latest.md` is no test)
 * and its extension.
 * @param path a normalised artifact path; only its last name counts
 */
export function classify(path: string): ArtifactType {
  const name = fileName(path);
  const extension = extensionOf(name);
  if (extension === 'patch' || extension === 'diff') return 'patch';
  if (extension === 'log') return 'log';
  const words = wordsOf(name);
  if (isCode(name, extension)) return words.some((word) => TEST_WORDS.includes(word)) ? 'test' : 'code';
  return typeOfWords(words) ?? typeOfExtension(extension);
}

const isCode = (name: string, extension: string): boolean =>
  CODE_EXTENSIONS.has(extension) || CODE_NAMES.has(name.toLowerCase()) || PACKAGE_LIST.test(name);

const typeOfWords = (words: readonly string[]): ArtifactType | null =>
  WORDS_OF_TYPE.find(([, known]) => words.some((word) => known.includes(word)))?.[0] ?? null;

function typeOfExtension(extension: string): ArtifactType {
  if (extension === 'sarif') return 'report';
  if (DATA_EXTENSIONS.has(extension)) return 'data';
  return DOCUMENT_EXTENSIONS.has(extension) ? 'documentation' : 'other';
}

/** Lower case, without the dot; empty where the name has none. A leading dot starts no extension. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** `testReport_v2.json` → test, report, v2, json */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
