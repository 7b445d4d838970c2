/** Where somebody lands who wanted to go nowhere in particular. */
export const CONSOLE_HOME = '/orchestrator/';

const ANYWHERE = 'http://console.invalid';

/** The path of the console that the text names, with its query and fragment; its home where it is no such path. */
export function consolePath(text: string | undefined): string {
  if (text === undefined || !text.startsWith(CONSOLE_HOME)) return CONSOLE_HOME;
  // Browsers take a backslash for a slash, and leave out tabs and line ends.
  const url = URL.parse(text, ANYWHERE);
  if (url === null || url.origin !== ANYWHERE || !url.pathname.startsWith(CONSOLE_HOME)) return CONSOLE_HOME;
  return url.pathname + url.search + url.hash;
}
