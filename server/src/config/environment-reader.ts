/** Environment variables by name, as the operating system gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads typed values and collects every problem as a sentence that names its variable. An empty value is unset. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  readonly names: string[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: string): string | null {
    this.names.push(name);
    const value = this.environment[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** A whole number within `min`–`max`; `fallback` where it is unset or wrong. */
  integer<T extends number | null>(name: string, fallback: T, min: number, max: number): number | T {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    return this.problem(name, `must be a whole number from ${String(min)} to ${String(max)}`, fallback);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase() ?? null;
    if (value === null) return fallback;
    if (['true', '1', 'yes'].includes(value)) return true;
    if (['false', '0', 'no'].includes(value)) return false;
    return this.problem(name, 'must be "true" or "false"', fallback);
  }

  choice<T extends string>(name: string, options: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const found = options.find((option) => option === value.toLowerCase());
    return found ?? this.problem(name, `must be one of ${options.join(', ')}`, fallback);
  }

  /** A list with the given separator; entries that `accepts` refuses are a problem. */
  list(
    name: string,
    separator: string,
    accepts: (entry: string) => boolean,
    what: string,
  ): readonly string[] | null {
    const value = this.text(name);
    if (value === null) return null;
    const entries = value.split(separator).flatMap((entry) => entry.trim() || []);
    const wrong = entries.find((entry) => !accepts(entry));
    return wrong === undefined ? entries : this.problem(name, `must list ${what}; "${wrong}" is none`, null);
  }

  /** An absolute URL with one of the protocols (`'https:'`). The value is not repeated: it may hold a password. */
  url(name: string, protocols: readonly string[]): string | null {
    const value = this.text(name);
    if (value === null) return null;
    const url = URL.parse(value);
    if (url !== null && protocols.includes(url.protocol)) return value;
    return this.problem(name, `must be a URL that starts with ${protocols.join('// or ')}//`, null);
  }

  /** The variables that are set of those named here and of those that the variable `more` lists, separated by commas. */
  passed(names: readonly string[], more: string): Readonly<Record<string, string>> {
    const listed =
      this.list(more, ',', (entry) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(entry), 'names of variables') ?? [];
    return Object.fromEntries(
      [...names, ...listed].flatMap((name) => {
        const value = this.environment[name];
        return value === undefined || value === '' ? [] : [[name, value]];
      }),
    );
  }

  /** Records a problem and returns the value to go on with, so that all problems are found at once. */
  problem<T>(name: string, sentence: string, fallback: T): T {
    this.problems.push(`${name} ${sentence}.`);
    return fallback;
  }
}
