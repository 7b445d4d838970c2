/** What a browser says about where a request comes from; null where a header is absent. */
export interface OriginHeaders {
  readonly origin: string | null;
  readonly secFetchSite: string | null;
  /** The host, with its port, that the request was sent to. */
  readonly host: string;
}

export const isUnsafeMethod = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * Whether a request was sent by a page of another site. Every browser marks a state-changing request with
 * `Origin`, newer ones also with `Sec-Fetch-Site`; a request with neither comes from no browser and so cannot
 * carry a victim's cookies.
 */
export function isCrossSite(headers: OriginHeaders, publicUrl: string | null): boolean {
  if (headers.secFetchSite !== null) return !['same-origin', 'none'].includes(headers.secFetchSite);
  if (headers.origin === null) return false;
  const origin = URL.parse(headers.origin);
  if (origin === null) return true;
  const open = publicUrl === null ? null : URL.parse(publicUrl);
  // On that host a page without TLS may be anybody's on the way.
  if (origin.host === open?.host) return origin.protocol !== open.protocol;
  return origin.host !== headers.host.toLowerCase();
}
