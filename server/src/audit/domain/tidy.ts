const LONGEST = 2000;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What strangers wrote, in one line and of bounded length, as the database can hold it. */
export const tidy = (text: string): string =>
  text.toWellFormed().replaceAll(UNPRINTABLE, '?').slice(0, LONGEST);
