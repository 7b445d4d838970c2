/** One spelling for one mailbox: trimmed and lower-case. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();

/** A name to show for somebody of whom only the address is known. */
export const nameFromEmail = (email: string): string => email.split('@')[0] || email;
