import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { createEnvironmentInjector, EnvironmentInjector, runInInjectionContext, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { LiveEvents } from '../shell/live-events';
import { OPEN_STREAM } from '../shell/live-stream';
import { ScriptedStream } from '../../testing/scripted-stream';
import { RunFeed, type Topic } from './run-feed';

const streams: ScriptedStream[] = [];
const last = (): ScriptedStream => {
  const stream = streams.at(-1);
  if (stream === undefined) throw new Error('No stream was opened');
  return stream;
};

let page: EnvironmentInjector;
let calls: number;

/** Follows a topic as a component would, until `page` is destroyed. */
function follow(topic: Topic | null): void {
  const current = signal(topic);
  runInInjectionContext(page, () => {
    TestBed.inject(RunFeed).follow(current, () => (calls += 1));
  });
  TestBed.tick();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', { CLOSED: 2 });
  streams.length = 0;
  calls = 0;
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      {
        provide: OPEN_STREAM,
        useValue: (url: string) => {
          streams.push(new ScriptedStream(url));
          return last();
        },
      },
    ],
  });
  page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The stream opens: what happened before it did is read, once. */
function opens(): void {
  last().onopen?.();
  vi.advanceTimersByTime(1000);
  expect(calls).toBe(1);
  calls = 0;
}

describe('what a page hears of its run', () => {
  it('is read once for many events that come together, and not for events of other runs', () => {
    follow({ kind: 'run', runId: 'a' });
    opens();
    last().says({ run_id: 'b', type: 'phase.started' });
    vi.advanceTimersByTime(1000);
    expect(calls).toBe(0);
    last().says({ run_id: 'a', type: 'phase.started' });
    last().says({ run_id: 'a', type: 'phase.started' });
    vi.advanceTimersByTime(1000);
    expect(calls).toBe(1);
  });

  it('is read a few times for a burst of events', () => {
    follow({ kind: 'run', runId: 'a' });
    opens();
    vi.advanceTimersByTime(5000);
    for (let sent = 0; sent < 200; sent += 1) {
      last().says({ run_id: 'a', type: 'step.started' });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(5000);
    expect(calls).toBe(3);
  });

  it('is asked for at an interval only while the stream is away', () => {
    follow({ kind: 'run', runId: 'a' });
    opens();
    vi.advanceTimersByTime(20_000);
    expect(calls).toBe(0);
    last().onerror?.();
    vi.advanceTimersByTime(6100);
    expect(calls).toBe(3);
  });

  it('is read again when the stream is back, because something may have been missed', () => {
    follow({ kind: 'run', runId: 'a' });
    last().onopen?.();
    last().onerror?.();
    last().onopen?.();
    vi.advanceTimersByTime(250);
    expect(calls).toBe(1);
  });

  it('ends with the page, and so does the stream that nobody listens to', () => {
    follow({ kind: 'run', runId: 'a' });
    page.destroy();
    TestBed.tick();
    expect(last().closed).toBe(true);
  });
});

describe('the stream', () => {
  it('is opened anew after a refusal, and the session is renewed by a request first', () => {
    follow({ kind: 'list' });
    last().readyState = 2;
    last().onerror?.();
    expect(TestBed.inject(LiveEvents).state()).toBe('reconnecting');
    TestBed.inject(HttpTestingController).expectOne('/auth/me').flush({});
    vi.advanceTimersByTime(3000);
    expect(streams).toHaveLength(2);
    last().onopen?.();
    expect(TestBed.inject(LiveEvents).state()).toBe('live');
  });

  it('is one for the whole console', () => {
    follow({ kind: 'list' });
    follow({ kind: 'totals' });
    follow({ kind: 'run', runId: 'a' });
    expect(streams).toHaveLength(1);
  });
});
