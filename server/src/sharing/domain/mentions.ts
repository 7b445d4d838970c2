const MENTION = /(?<![\w@])@([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/gu;
const MOST = 50;

/** The e-mail addresses that a text mentions, in lower case, each once, at most 50. */
export const mentionedAddresses = (text: string): string[] =>
  [...new Set([...text.matchAll(MENTION)].map(([, address = '']) => address.toLowerCase()))].slice(0, MOST);
