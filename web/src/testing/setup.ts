import { beforeEach } from 'vitest';

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
URL.createObjectURL = () => 'blob:test';
URL.revokeObjectURL = () => undefined;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  delete document.documentElement.dataset['theme'];
});
