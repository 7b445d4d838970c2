import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import { CliError, Unreachable } from '../api/cli-error.js';
import type { ArtifactSummaryDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { size } from '../output/figures.js';
import { plain } from '../output/printable.js';
import { table } from '../output/table.js';

interface ArtifactOptions {
  readonly phase?: string;
  readonly allVersions?: boolean;
  readonly download?: string;
}

/** `artifacts`. */
export function addArtifactsCommand(parent: Command, cli: Cli): void {
  parent
    .command('artifacts')
    .summary('list or download what a run made')
    .argument('<run>', 'id, short id or project name')
    .option('--phase <name>', 'only this phase')
    .option('--all-versions', 'list older versions too')
    .option('-d, --download <folder>', 'save the newest version of each as <folder>/<phase>/<path>')
    .action((run: string, options: ArtifactOptions) => artifacts(cli, run, options));
}

async function artifacts(cli: Cli, name: string, options: ArtifactOptions): Promise<void> {
  if (options.download !== undefined && options.allVersions === true) {
    throw new CliError('--download saves the newest version of each: leave --all-versions out.');
  }
  const api = await cli.connect();
  const runId = await findRun(api, name);
  const query = { all_versions: String(options.allVersions === true) };
  const list = await api.call('listArtifacts', { path: { run_id: runId } }, { query });
  const found = Object.entries(list.artifacts_by_phase)
    .filter(([phase]) => options.phase === undefined || options.phase === phase)
    .flatMap(([, files]) => files);
  if (options.download === undefined) print(cli, list, found);
  else await download(cli, api, runId, found, resolve(options.download));
}

function print(cli: Cli, list: unknown, found: readonly ArtifactSummaryDto[]): void {
  if (cli.json) cli.out.json(list);
  else if (found.length === 0) cli.out.remark('No artifacts.');
  else {
    const rows = found.map((file) => [
      file.phase,
      plain(file.path),
      file.artifact_type,
      size(file.size_bytes),
      `${file.version}${file.superseded ? ' (superseded)' : ''}`,
      file.artifact_id,
    ]);
    cli.out.line(table(cli.out, ['PHASE', 'PATH', 'TYPE', 'SIZE', 'VERSION', 'ID'], rows));
  }
}

async function download(
  cli: Cli,
  api: ApiClient,
  runId: string,
  found: readonly ArtifactSummaryDto[],
  folder: string,
): Promise<void> {
  const saved: { readonly path: string; readonly file: string; readonly sha256: string }[] = [];
  for (const artifact of found) {
    const file = placeOf(artifact, folder);
    await save(api, runId, artifact, file);
    saved.push({ path: `${artifact.phase}/${artifact.path}`, file, sha256: artifact.sha256 });
    if (!cli.json) cli.out.line(plain(relative(process.cwd(), file) || file));
  }
  if (cli.json) cli.out.json(saved);
  else cli.out.remark(`Saved ${saved.length} ${saved.length === 1 ? 'file' : 'files'}.`);
}

/** A server is not believed: no path may lead out of the folder. */
function placeOf({ phase, path }: ArtifactSummaryDto, folder: string): string {
  const file = join(folder, phase, path);
  const inside = relative(folder, file);
  if (
    inside === '' ||
    inside.startsWith(`..${sep}`) ||
    inside === '..' ||
    isAbsolute(inside) ||
    path.includes('\0')
  ) {
    throw new CliError(
      `The artifact ${JSON.stringify(path)} would be saved outside of ${folder}: nothing more was saved.`,
    );
  }
  return file;
}

async function save(
  api: ApiClient,
  runId: string,
  artifact: ArtifactSummaryDto,
  file: string,
): Promise<void> {
  const path = { run_id: runId, artifact_id: artifact.artifact_id };
  const response = await api.open('getArtifactContent', { path }, { accept: '*/*' });
  const draft = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    const digest = await writeContent(response, draft, api.url);
    if (digest !== artifact.sha256)
      throw new CliError(`${plain(artifact.path)} arrived damaged: its digest is another one.`);
    await rename(draft, file);
  } catch (error) {
    // What could not be made need not be removed.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Writes an answer's content to a new file and gives its SHA-256. */
async function writeContent(response: Response, file: string, url: string): Promise<string> {
  const hash = createHash('sha256');
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const content = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(content, meter, createWriteStream(file, { flags: 'wx' }));
  } catch (error) {
    // Errors of files name their path, those of the connection do not.
    const { code, message, path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw new Unreachable(url, message);
    throw new CliError(`${file} cannot be written (${code ?? message}).`);
  }
  return hash.digest('hex');
}
