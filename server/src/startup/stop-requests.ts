const POLL_MS = 500;

/**
 * Resolves with the reason when the process is asked to stop: by a signal, or, where `parent` is given, because
 * that parent process is gone (a signal sent to npm alone does not reach us). Later requests change nothing.
 */
export function stopRequested(parent: number | null): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve(signal);
      });
    }
    if (parent === null) return;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('the parent process is gone');
    }, POLL_MS);
    timer.unref();
  });
}
