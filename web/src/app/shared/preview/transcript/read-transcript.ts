/** A part of a turn that is folded until somebody wants it. */
export interface Fold {
  readonly title: string;
  readonly text: string;
}

/** One thing that was said or done in an agent's step. */
export interface Turn {
  readonly role: 'Task' | 'Model' | 'Tool' | 'Failure' | 'Waiting' | 'End';
  /** What stands beside the role, such as the name of a tool. */
  readonly about: string;
  /** ISO time. */
  readonly at: string;
  readonly text: string;
  readonly folds: readonly Fold[];
  /** What the call used; null where it is not known, undefined where the turn is no call. */
  readonly tokens?: string | null;
}

/** What the calls of a transcript came to. */
export interface Transcript {
  readonly turns: readonly Turn[];
  readonly calls: number;
  /** Calls whose usage is not known: a sum would leave them out. */
  readonly unknown: number;
  readonly input: number;
  readonly output: number;
}

type Fields = Readonly<Record<string, unknown>>;

interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** Reads the JSON Lines that an agent's step leaves; null where they are something else. */
export function readTranscript(source: string): Transcript | null {
  const entries: Fields[] = [];
  for (const line of source.split('\n')) {
    if (line.trim() === '') continue;
    const entry = fieldsOf(line);
    if (entry === null) return null;
    entries.push(entry);
  }
  if (entries.length === 0) return null;
  const turns = entries.flatMap((entry, index) => turnOf(entry, entries.slice(0, index)));
  const calls = entries.filter(({ type }) => type === 'call');
  const known = entries.map(({ usage }) => usage).filter(isUsage);
  return {
    turns,
    calls: calls.length,
    unknown: calls.filter(
      ({ call }) => !entries.some((entry) => isUsage(entry['usage']) && entry['call'] === call),
    ).length,
    input: known.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    output: known.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  };
}

function turnOf(entry: Fields, before: readonly Fields[]): Turn[] {
  const at = textOf(entry['at']);
  switch (entry['type']) {
    case 'prompt':
      return [
        {
          ...{ role: 'Task', about: '', at, text: '' },
          folds: [fold('Instructions', entry['instructions']), fold('Request', entry['request'])],
        },
      ];
    case 'answer':
      return [answerOf(entry, before, at)];
    case 'tool': {
      const about = `${textOf(entry['name'])} · ${textOf(entry['result'])}`;
      return [{ role: 'Tool', about, at, text: '', folds: [fold('Result', entry['text'])] }];
    }
    case 'failure':
      return [
        {
          ...{ role: 'Failure', about: modelOf(entry), at, folds: [] },
          text: `${textOf(entry['message'])} (${outcomeWords(entry['outcome'])})`,
        },
      ];
    case 'waiting':
    case 'cut':
      return [{ role: 'Waiting', about: '', at, text: textOf(entry['message']), folds: [] }];
    case 'end':
      return [{ role: 'End', about: textOf(entry['kind']), at, text: endOf(entry), folds: [] }];
    default:
      return [];
  }
}

function answerOf(entry: Fields, before: readonly Fields[], at: string): Turn {
  const call = before.findLast((other) => other['type'] === 'call' && other['call'] === entry['call']);
  const tools = Array.isArray(entry['tools']) ? (entry['tools'] as Fields[]) : [];
  const unreadable = textOf(entry['unreadable']);
  return {
    ...{ role: 'Model', about: call === undefined ? '' : modelOf(call), at },
    text: unreadable === '' ? textOf(entry['text']) : `The answer cannot be read: ${unreadable}`,
    folds: tools.map(({ name, input }) => fold(`Calls ${textOf(name)}`, pretty(textOf(input)))),
    tokens: isUsage(entry['usage']) ? tokenWords(entry['usage']) : null,
  };
}

function outcomeWords(outcome: unknown): string {
  if (outcome === 'refused') return 'refused: it cost nothing';
  return outcome === 'not_sent' ? 'not sent: it cost nothing' : 'what it cost is not known';
}

function endOf({ summary, failure }: Fields): string {
  if (typeof summary === 'string') return summary;
  return typeof failure === 'object' && failure !== null ? textOf((failure as Fields)['message']) : '';
}

function tokenWords({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): string {
  const count = (tokens: number): string => tokens.toLocaleString('en-US');
  return [
    `${count(inputTokens)} in`,
    `${count(outputTokens)} out`,
    ...(cacheReadTokens > 0 ? [`${count(cacheReadTokens)} from cache`] : []),
    ...(cacheWriteTokens > 0 ? [`${count(cacheWriteTokens)} to cache`] : []),
  ].join(' · ');
}

const modelOf = ({ provider, model }: Fields): string => `${textOf(provider)} ${textOf(model)}`.trim();

const fold = (title: string, text: unknown): Fold => ({ title, text: textOf(text) });

/** Arguments as the model wrote them, laid out where they are JSON. */
function pretty(input: string): string {
  try {
    return JSON.stringify(JSON.parse(input), null, 2);
  } catch {
    return input;
  }
}

function fieldsOf(line: string): Fields | null {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value !== 'object' || value === null) return null;
    return typeof (value as Fields)['type'] === 'string' ? (value as Fields) : null;
  } catch {
    // Somebody else's file of that name is shown as it is.
    return null;
  }
}

const isUsage = (value: unknown): value is Usage =>
  typeof value === 'object' &&
  value !== null &&
  ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'].every(
    (name) => typeof (value as Fields)[name] === 'number',
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
