/** The protocols that model providers speak. */
export const PROVIDER_KINDS = ['anthropic', 'openai', 'google', 'bedrock', 'openai_compatible'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The APIs of OpenAI: the newer one, which some of its models only have, and the one that other servers copy. */
export const OPENAI_APIS = ['responses', 'chat'] as const;
export type OpenAiApi = (typeof OPENAI_APIS)[number];

/** Which of them a provider of kind `openai` is called over: the vendor's own server speaks both, others rarely do. */
export function openAiApi(asked: OpenAiApi | null, baseUrl: string | null): OpenAiApi {
  if (asked !== null) return asked;
  return baseUrl === null || new URL(baseUrl).hostname === 'api.openai.com' ? 'responses' : 'chat';
}

/** The version in the path of a kind's API; null where the address is taken as it is. */
const VERSION: Readonly<Record<ProviderKind, string | null>> = {
  anthropic: 'v1',
  openai: 'v1',
  google: 'v1beta',
  bedrock: null,
  openai_compatible: 'v1',
};

/**
 * The address as calls need it: vendors' own tools take it without the version (`https://api.example.org`), others
 * with it (`…/v1`); both are accepted.
 */
export function callAddress(kind: ProviderKind, baseUrl: string): string {
  const plain = baseUrl.replace(/\/+$/, '');
  const version = VERSION[kind];
  return version === null || /\/v\d+(alpha|beta)?\d*$/.test(plain) ? plain : `${plain}/${version}`;
}

/** What the ledger and the price table call the provider: the vendor, or the server's own name. */
export const ledgerName = (kind: ProviderKind, name: string): string =>
  kind === 'openai_compatible' ? name : kind;
