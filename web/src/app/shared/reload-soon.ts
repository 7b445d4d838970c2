import { effect, type ResourceRef, signal, untracked } from '@angular/core';

/**
 * Reads a resource again: at once, or as soon as the reading on its way has ended. What is on its way may be older than
 * the change that asks for another, and is not broken off either, or a busy server would never get to answer.
 * Must be called in an injection context.
 */
export function reloadSoon(resource: ResourceRef<unknown>): () => void {
  const again = signal(false);
  effect(() => {
    if (!again() || resource.isLoading()) return;
    again.set(false);
    untracked(() => resource.reload());
  });
  return () => {
    if (untracked(resource.isLoading)) again.set(true);
    else resource.reload();
  };
}
