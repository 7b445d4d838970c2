import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { StepEnvironment } from '../config/step-environment.js';
import { isRecord, parseRecord, recordAt, recordsAt, stringAt, type JsonRecord } from './json.js';
import { redact } from './secrets.js';

const MAX_EARLIER_BYTES = 64 * 1024 * 1024;

/** What a step says to the orchestrator and reads from it: `$ORCHESTRATOR_*`. */
export class StepExchange {
  private constructor(
    private readonly environment: StepEnvironment,
    private readonly context: JsonRecord | null,
  ) {}

  /** @throws Error outside a step, where there is no folder for artifacts. */
  static async open(environment: StepEnvironment): Promise<StepExchange> {
    if (environment.artifactsDir === null) {
      throw new Error('ORCHESTRATOR_ARTIFACTS is not set: this command runs as a step of a run');
    }
    const file = environment.contextFile;
    const text = file === null ? null : await readFile(file, 'utf8').catch(() => null);
    return new StepExchange(environment, parseRecord(text));
  }

  get parameters(): JsonRecord {
    return recordAt(this.context, 'parameters') ?? {};
  }

  get projectName(): string | null {
    return stringAt(recordAt(this.context, 'run'), 'project_name');
  }

  /** Saves a text as an artifact; secrets in it are replaced by a mark. */
  async text(path: string, content: string): Promise<void> {
    await this.bytes(path, await redact(path, content));
  }

  /** Saves a value as an artifact in JSON; secrets in it are replaced by a mark. */
  async json(path: string, value: unknown): Promise<void> {
    await this.text(path, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Saves a content as it is: for what must stay exact, such as a patch. */
  async bytes(path: string, content: string | Buffer): Promise<void> {
    const target = join(this.environment.artifactsDir ?? '', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  /** Reports a measured number. What was not measured (null) is not reported. */
  async metric(name: string, value: number | null): Promise<void> {
    if (value !== null && Number.isFinite(value)) await this.line({ metric: { name, value } });
  }

  async summary(text: string): Promise<void> {
    await this.line({ summary: text });
  }

  async warning(text: string): Promise<void> {
    await this.line({ warning: text });
  }

  /** The content of an artifact that an earlier phase made, or null where there is none. */
  async earlier(path: string): Promise<string | null> {
    const entries = recordsAt(this.context, 'artifacts').filter((entry) => stringAt(entry, 'path') === path);
    const file = stringAt(entries.at(-1) ?? null, 'file');
    if (file === null || !isAbsolute(file) || normalize(file) !== file) return null;
    const content = await readFile(file).catch(() => null);
    return content === null || content.length > MAX_EARLIER_BYTES ? null : content.toString('utf8');
  }

  /** An earlier artifact as a JSON object, or null where there is none or it is something else. */
  async earlierJson(path: string): Promise<JsonRecord | null> {
    const value = parseRecord(await this.earlier(path));
    return isRecord(value) ? value : null;
  }

  private async line(entry: JsonRecord): Promise<void> {
    const text = await redact('output.json', JSON.stringify(entry));
    if (this.environment.outputFile !== null) await appendFile(this.environment.outputFile, `${text}\n`);
  }
}
