import type { Response } from 'express';

/** Keeps every byte of an answer back, however it is made, until `before` is done. */
export function holdAnswer(response: Response, before: () => Promise<void>): void {
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  const flushHeaders = response.flushHeaders.bind(response);
  let held: (() => void)[] | null = null;
  let done = false;
  const inOrder = (call: () => void): void => {
    if (held !== null) {
      held.push(call);
      return;
    }
    held = [call];
    void before().finally(() => {
      done = true;
      for (const waiting of held ?? []) waiting();
    });
  };
  response.write = ((...args: unknown[]) => {
    if (done) return write(...args);
    inOrder(() => write(...args));
    return true;
  }) as Response['write'];
  response.end = ((...args: unknown[]) => {
    if (done) return end(...args);
    inOrder(() => end(...args));
    return response;
  }) as Response['end'];
  response.flushHeaders = () => {
    if (done) flushHeaders();
    else inOrder(flushHeaders);
  };
}
