import { vi } from 'vitest';
import { inOneTab } from './one-tab';

/** Work that says when it begins, and ends when it is told to. */
function work(
  name: string,
  said: string[],
): { readonly run: () => Promise<string>; readonly end: () => void } {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async (): Promise<string> => {
    said.push(`${name} begins`);
    await ended;
    said.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

/** A browser's locks as the specification has them: one holder, the others in turn. */
class Locks {
  private last: Promise<unknown> = Promise.resolve();

  request<T>(_name: string, work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}

describe.each([
  ['with locks of the browser', new Locks()],
  ['without them', undefined],
])('what one tab does at a time, %s,', (_how, locks) => {
  beforeEach(() => {
    vi.stubGlobal('navigator', { locks });
    localStorage.clear();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is begun in another when it is done, also where it failed', async () => {
    const said: string[] = [];
    const [a, b] = [work('a', said), work('b', said)];
    const failing = inOneTab(async () => {
      await a.run();
      throw new Error('no');
    }).catch((error: unknown) => error);
    const other = inOneTab(b.run);
    await vi.waitFor(() => {
      expect(said).toHaveLength(1);
    });
    const [first] = said;
    (first === 'a begins' ? a : b).end();
    await vi.waitFor(() => {
      expect(said).toHaveLength(3);
    });
    expect(said[1]).toBe(first === 'a begins' ? 'a ends' : 'b ends');
    a.end();
    b.end();
    expect(await failing).toEqual(new Error('no'));
    await expect(other).resolves.toBe('b');
    expect(said).toHaveLength(4);
  });
});

describe('a tab that was closed over it', () => {
  it('holds the others up until its lease is over', async () => {
    vi.stubGlobal('navigator', {});
    localStorage.setItem('orchestrator.one-tab', `closed ${String(Date.now() - 1)}`);
    await expect(inOneTab(() => Promise.resolve('done'))).resolves.toBe('done');
    vi.unstubAllGlobals();
  });
});
