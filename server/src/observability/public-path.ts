/** The path of a request as it may be kept: without its query, and without the address of a callback, which is its credential. */
export const publicPath = (url: string): string =>
  (url.split('?', 1)[0] ?? '').replace(/^(\/callbacks\/).+/i, '$1[redacted]');
