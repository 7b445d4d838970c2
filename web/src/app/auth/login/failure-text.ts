const TEXTS: Readonly<Record<string, string>> = {
  account_disabled: 'This account is disabled; an administrator can enable it.',
  identity_conflict: 'The account with your e-mail belongs to somebody else at the identity provider.',
  identity_provider_unavailable: 'The identity provider does not answer. Try again.',
  identity_unverified: 'The identity provider does not vouch for your e-mail address.',
  not_admitted: 'None of your groups at the identity provider may use this server.',
  sign_in_denied: 'The identity provider did not sign you in.',
  sign_in_expired: 'This sign-in took too long, or began in another browser. Try again.',
};

/** Why a sign-in at the identity provider did not work, by the code that the server put into the address. */
export function failureText(code: string | undefined): string | null {
  if (code === undefined) return null;
  const known = Object.hasOwn(TEXTS, code) ? TEXTS[code] : undefined;
  return known ?? 'The sign-in did not work. Try again; the log of the server has the reason.';
}
