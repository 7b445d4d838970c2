/** The last segment of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder of a path, without a slash at the end; empty at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The last extension in lower case with its dot; empty where there is none. */
export function extension(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}

const FOREIGN = new Set([
  'node_modules',
  'vendor',
  'vendored',
  'third_party',
  'third-party',
  'bower_components',
  'Pods',
]);
const SAMPLES = new Set([
  'test',
  'tests',
  '__tests__',
  'spec',
  'specs',
  'fixtures',
  '__fixtures__',
  'fixture',
  'testdata',
  'test-data',
  '__snapshots__',
  'snapshots',
  'samples',
  'golden',
  'corpus',
  'e2e',
]);
const READING = new Set(['docs', 'doc', 'examples', 'example', 'tutorials', 'tutorial', 'demos', 'demo']);

const hasFolder = (path: string, names: ReadonlySet<string>): boolean =>
  path
    .split('/')
    .slice(0, -1)
    .some((segment) => names.has(segment));

/** Someone else's code kept in the repository. */
export const isForeign = (path: string): boolean => hasFolder(path, FOREIGN);

/** Tests and their data: odd files there are often odd on purpose. */
export const isSample = (path: string): boolean => hasFolder(path, SAMPLES);

/** Documentation and examples, where shown results are often wanted. */
export const isReading = (path: string): boolean => hasFolder(path, READING);

/** Made by a tool and not meant to be edited. */
export const isGenerated = (path: string): boolean =>
  /\.min\.(?:js|css)$|\.(?:map|snap|lock|sum|pb\.go|g\.dart)$|(?:^|\/)(?:dist|build|out|generated|__generated__)\//u.test(
    path,
  ) ||
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|composer\.lock)$/u.test(
    path,
  );

const SOURCE =
  /\.(?:[cm]?[jt]sx?|py|rb|rs|go|java|kt|kts|cs|fs|php|scala|swift|c|cc|cpp|dart|exs?|lua|pl|t|sh|bats)$/u;
const IN_TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|spec|specs|e2e)\//u;
const TEST_NAMES = [
  /(?:^|\/)tests?(?:[-_.][\w.-]+)?\.[cm]?[jt]sx?$/u,
  /\.(?:test|spec)\.[cm]?[jt]sx?$/u,
  /_test\.(?:go|py|dart|rb|exs)$/u,
  /(?:^|\/)(?:tests?|test_[^/]+)\.py$/u,
  /Tests?\.(?:java|kt|cs)$/u,
];

/** Whether a path looks like a file of automatic tests, by the customs of the common languages. */
export const isTestFile = (path: string): boolean =>
  !isForeign(path) &&
  (TEST_NAMES.some((name) => name.test(path)) || (IN_TEST_FOLDER.test(path) && SOURCE.test(path)));
