import { Injectable } from '@angular/core';

const PREFIX = 'orchestrator.draft.';

/** Typed text that outlives errors and reloads, kept in this browser tab only. */
@Injectable({ providedIn: 'root' })
export class Drafts {
  /**
   * The draft, or `empty` where there is none; unknown fields are left out, missing ones filled in. An `empty`
   * without fields takes any.
   */
  read<T extends object>(key: string, empty: T): T {
    const text = sessionStorage.getItem(PREFIX + key);
    if (text === null) return empty;
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? fill(empty, value) : empty;
    } catch {
      // Written by something else: as good as no draft.
      return empty;
    }
  }

  has(key: string): boolean {
    return sessionStorage.getItem(PREFIX + key) !== null;
  }

  write(key: string, draft: object): void {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(draft));
  }

  clear(key: string): void {
    sessionStorage.removeItem(PREFIX + key);
  }
}

function fill<T extends object>(empty: T, value: object): T {
  if (Object.keys(empty).length === 0) return Object.assign({}, empty, value);
  const given = new Map<string, unknown>(Object.entries(value));
  const fitting = Object.entries(empty)
    .map(([name, standard]: [string, unknown]) => [name, given.get(name), standard] as const)
    .filter(([, read, standard]) => read !== undefined && typeof read === typeof standard)
    .map(([name, read]) => [name, read] as const);
  return Object.assign({}, empty, Object.fromEntries(fitting));
}
