let known: Promise<ReadonlySet<string>> | null = null;

/** The 49,000 most used passwords of leaks, in lower case; read when they are needed for the first time. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  );
  return known;
}
