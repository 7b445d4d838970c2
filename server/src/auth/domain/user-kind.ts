export const USER_KINDS = ['person', 'service'] as const;
/** Who an account is of: a person, or a program that acts with API keys alone. */
export type UserKind = (typeof USER_KINDS)[number];

/** A domain that never exists (RFC 2606): no mail reaches it, and no provider can vouch for an address in it. */
const SERVICE_DOMAIN = 'service.invalid';

/** The name by which a service account is found where people are found by their e-mail. */
export const serviceEmail = (handle: string): string => `${handle}@${SERVICE_DOMAIN}`;
