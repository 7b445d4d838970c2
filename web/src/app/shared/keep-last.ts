import { linkedSignal, type Resource, type Signal } from '@angular/core';

/** The newest value that a resource had: it stays on screen while the next is on its way, or when that fails. */
export function keepLast<T>(resource: Resource<T | undefined>): Signal<T | undefined> {
  return linkedSignal<T | undefined, T | undefined>({
    source: () => (resource.hasValue() ? resource.value() : undefined),
    computation: (value, previous) => value ?? previous?.value,
  });
}
