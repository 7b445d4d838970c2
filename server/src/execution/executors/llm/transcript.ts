import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Masker } from '../../domain/mask.js';
import type { ProducedArtifact } from '../executor.js';

/** One thing that happened in an agent's step. */
export interface TranscriptEntry {
  readonly type: 'prompt' | 'call' | 'answer' | 'tool' | 'failure' | 'waiting' | 'end';
  readonly [field: string]: unknown;
}

/** Of one text in it. */
const MAX_TEXT = 100_000;
/** Of all of it; what comes later is left out with a mark. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** What an agent was asked, answered and did, in order: as JSON Lines and as Markdown. */
export class Transcript {
  private readonly lines: string[] = [];
  private readonly sections: string[];
  private size = 0;

  constructor(
    title: string,
    private readonly mask: Masker,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.sections = [`# ${title}\n`];
  }

  add(entry: TranscriptEntry): void {
    if (this.size > MAX_CHARACTERS) return;
    const at = this.now().toISOString();
    const shown = shorten(entry) as TranscriptEntry;
    const line = this.mask(JSON.stringify({ at, ...shown }));
    this.size += line.length;
    this.lines.push(line);
    this.sections.push(this.mask(section(this.lines.length, at, shown)));
    if (this.size <= MAX_CHARACTERS) return;
    this.lines.push(JSON.stringify({ at, type: 'cut', message: 'What came later is left out.' }));
    this.sections.push('What came later is left out.\n');
  }

  /** Writes both forms into a folder. */
  async write(folder: string, step: string): Promise<ProducedArtifact[]> {
    await mkdir(folder, { recursive: true });
    const forms = [
      { name: `${step}.jsonl`, text: `${this.lines.join('\n')}\n`, form: 'as JSON Lines' },
      { name: `${step}.md`, text: this.sections.join('\n'), form: 'to read' },
    ];
    return Promise.all(
      forms.map(async ({ name, text, form }) => {
        const file = join(folder, name);
        await writeFile(file, text.toWellFormed());
        const description = `What the agent was asked, answered and did, ${form}`;
        return { path: `${TRANSCRIPTS}${name}`, file, type: 'log', description };
      }),
    );
  }
}

/** Where transcripts are among a run's artifacts. */
export const TRANSCRIPTS = 'transcripts/';

function section(number: number, at: string, { type, ...fields }: TranscriptEntry): string {
  const parts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    return text.includes('\n') || text.length > 80 ? `${name}:\n\n${fenced(text)}` : `${name}: \`${text}\``;
  });
  return `## ${String(number)} ${type}\n\n${at}\n\n${parts.join('\n\n')}\n`;
}

/** Nothing in the text can end the block. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.toWellFormed().replaceAll('\0', '\uFFFD');
    return text.length <= MAX_TEXT
      ? text
      : `${text.slice(0, MAX_TEXT)}… (${String(text.length - MAX_TEXT)} more characters)`;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shorten(field)]));
}
