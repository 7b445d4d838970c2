import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { runPart } from '../../../src/hardening/run-part.js';

/** Content of a file by path; `{ link }` makes a symbolic link. */
export type Files = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

const PHASES = {
  discovery: ['inventory', 'secrets', 'audit', 'hygiene'],
  design: ['design'],
  implementation: ['implementation'],
  test: ['test'],
  document: ['document'],
} as const;

interface Made {
  readonly phase: string;
  readonly path: string;
  readonly file: string;
}

export interface RunSettings {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A repository in a folder of its own, and what the parts of the hardening make of it. */
export class HardeningRun {
  readonly made: Made[] = [];
  readonly output: string[] = [];

  private constructor(
    private readonly folder: string,
    readonly repository: string,
    readonly base: string,
  ) {}

  /** A repository of one commit with the files; without files, of one empty commit. */
  static async create(files: Files): Promise<HardeningRun> {
    const folder = await mkdtemp(join(tmpdir(), 'hardening test '));
    const repository = join(folder, 'work tree');
    await mkdir(repository);
    git(repository, 'init', '--quiet');
    for (const [path, content] of Object.entries(files)) await put(join(repository, path), content);
    git(repository, 'add', '--all', '--force');
    git(repository, 'commit', '--quiet', '--allow-empty', '--message=Base');
    return new HardeningRun(folder, repository, git(repository, 'rev-parse', 'HEAD'));
  }

  /** Runs every phase as a run would: each part with the artifacts of the phases before it. */
  async all(settings: RunSettings = {}): Promise<this> {
    for (const phase of Object.keys(PHASES)) await this.phase(phase as keyof typeof PHASES, settings);
    return this;
  }

  async phase(phase: keyof typeof PHASES, settings: RunSettings = {}): Promise<this> {
    const earlier = [...this.made];
    for (const part of PHASES[phase]) await this.part(phase, part, earlier, settings);
    return this;
  }

  private async part(
    phase: string,
    part: string,
    earlier: readonly Made[],
    settings: RunSettings,
  ): Promise<void> {
    const exchange = join(this.folder, 'exchange', part);
    const artifactsDir = join(exchange, 'artifacts');
    await mkdir(artifactsDir, { recursive: true });
    const files = { outputFile: join(exchange, 'output'), contextFile: join(exchange, 'context.json') };
    const run = { id: 'r', project_name: 'Demo <b>project</b>' };
    const context = {
      run,
      phase,
      attempt: 1,
      parameters: settings.parameters ?? {},
      comment: null,
      artifacts: earlier,
    };
    await writeFile(files.contextFile, JSON.stringify(context));
    const variables = { PATH: process.env['PATH'], HOME: exchange, ...settings.variables };
    await runPart(part, this.repository, { ...files, artifactsDir, variables });
    for (const file of await filesIn(artifactsDir))
      this.made.push({ phase, path: relative(artifactsDir, file), file });
    const lines = await readFile(files.outputFile, 'utf8').catch(() => '');
    this.output.push(...lines.split('\n').filter((line) => line !== ''));
  }

  get paths(): readonly string[] {
    return this.made.map(({ path }) => path);
  }

  async text(path: string): Promise<string> {
    const made = this.made.find((one) => one.path === path);
    if (made === undefined) throw new Error(`no artifact ${path}; there are ${this.paths.join(', ')}`);
    return readFile(made.file, 'utf8');
  }

  async json(path: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.text(path)) as Record<string, unknown>;
  }

  /** A reported metric; undefined where it was not reported. */
  metric(name: string): number | undefined {
    const metrics = this.output.map(
      (line) => (JSON.parse(line) as { metric?: { name: string; value: number } }).metric,
    );
    return metrics.find((metric) => metric?.name === name)?.value;
  }

  git(...args: readonly string[]): string {
    return git(this.repository, ...args);
  }

  /** Subjects of the commits on top of the base, oldest first. */
  commits(): readonly string[] {
    return this.git('log', '--reverse', '--format=%s', `${this.base}..HEAD`).split('\n').filter(Boolean);
  }

  /** Throws where the patch does not apply to the base commit. */
  applyToBase(patch: string): string {
    const made = this.made.find(({ path }) => path === patch);
    const clone = join(this.folder, 'clone');
    git(this.folder, 'clone', '--quiet', '--no-checkout', this.repository, clone);
    git(clone, 'checkout', '--quiet', '--detach', this.base);
    git(clone, 'apply', '--index', made?.file ?? patch);
    return git(clone, 'write-tree');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function git(cwd: string, ...args: readonly string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@localhost',
    '-c',
    'protocol.file.allow=always',
  ];
  const maxBuffer = 64 * 1024 * 1024;
  const settings = { cwd, encoding: 'utf8', maxBuffer, stdio: 'pipe' } as const;
  return execFileSync('git', [...identity, ...args], settings).trim();
}

async function put(file: string, content: Files[string]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  if (typeof content === 'object' && 'link' in content) return symlink(content.link, file);
  await writeFile(file, content);
  if (file.endsWith('.sh')) await chmod(file, 0o755);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((entry) => join(folder, entry)).sort();
  const kinds = await Promise.all(paths.map((path) => stat(path)));
  return paths.filter((_, index) => kinds[index]?.isFile());
}
