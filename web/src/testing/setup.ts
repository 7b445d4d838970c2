import { beforeAll, beforeEach, vi } from 'vitest';

// What a browser has and jsdom lacks. None of it is the product's own.
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): [] {
    return [];
  }
}

Object.assign(globalThis, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver });

Object.assign(window, {
  matchMedia: (query: string) =>
    Object.assign(new EventTarget(), { matches: false, media: query, addListener() {}, removeListener() {} }),
});

Element.prototype.scrollTo = () => undefined;
Range.prototype.getClientRects = () => Object.assign([], { item: () => null });
URL.createObjectURL = () => 'blob:test';
URL.revokeObjectURL = () => undefined;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

// Outside a bundle every icon of the set is compiled when one is imported: not in the time of the first test.
beforeAll(async () => {
  await import('@lucide/angular');
});

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  delete document.documentElement.dataset['theme'];
});
