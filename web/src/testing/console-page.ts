import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Location } from '@angular/common';
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { type ComponentFixture, DeferBlockBehavior, TestBed } from '@angular/core/testing';
import { provideRouter, Router, TitleStrategy, withComponentInputBinding } from '@angular/router';
import { vi } from 'vitest';
import type { MeDto } from '../app/api/generated/models';
import { provideApiConfiguration } from '../app/api/generated/api-configuration';
import { App } from '../app/app';
import { routes } from '../app/app.routes';
import { authInterceptor } from '../app/auth/auth-interceptor';
import { metadataFilterInterceptor } from '../app/runs/metadata-filter';
import { PageTitle } from '../app/shell/page-title';
import { OPEN_STREAM } from '../app/shell/live-stream';
import { connectionInterceptor } from '../app/shell/connection-interceptor';
import { ScriptedStream } from './scripted-stream';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Of a profile that no run has completed of. */
const NO_HISTORY = {
  profile: 'x',
  basis: 'no history',
  total: { runs: 0, cost_usd: null, tokens: null, duration_seconds: null },
  phases: [],
};

type Responder = (request: TestRequest['request']) => Answer;

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const problem = (status: number, detail: string, more: object = {}): Answer => ({
  status,
  body: { type: '/problems/x', title: 'Problem', status, detail, instance: '/', code: 'x', ...more },
});
/** The request reaches no server. */
export const unreachable: Answer = { status: 0, body: null };

/** The whole console, as it is configured for the browser, on an HTTP backend whose answers a test decides. */
export class ConsolePage {
  readonly requests: TestRequest['request'][] = [];
  readonly streams: ScriptedStream[] = [];
  private readonly responders = new Map<string, Responder>();
  private readonly http = TestBed.inject(HttpTestingController);

  private constructor(readonly fixture: ComponentFixture<App>) {}

  /** Opens the console at an address as somebody who is signed in. */
  static async open(
    url: string,
    me: MeDto | null,
    answers: Record<string, Answer | Responder> = {},
  ): Promise<ConsolePage> {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      // jsdom has no canvas to draw a chart on: the browser journeys look at those.
      deferBlockBehavior: DeferBlockBehavior.Manual,
      providers: [
        provideRouter(routes, withComponentInputBinding()),
        provideHttpClient(
          withInterceptors([metadataFilterInterceptor, connectionInterceptor, authInterceptor]),
        ),
        provideHttpClientTesting(),
        provideApiConfiguration(''),
        { provide: TitleStrategy, useClass: PageTitle },
        { provide: OPEN_STREAM, useValue: (url: string) => page.openStream(url) },
      ],
    });
    const page = new ConsolePage(TestBed.createComponent(App));
    document.body.append(page.fixture.nativeElement as HTMLElement);
    page.answer('GET /auth/status', ok({ setup_required: false }));
    page.answer('GET /auth/oidc', ok({ enabled: false, name: null }));
    page.answer('GET /auth/totp', ok({ enabled: false, enabled_at: null, recovery_codes_left: 0 }));
    page.answer('GET /auth/me', me === null ? problem(401, 'authentication is needed') : ok(me));
    page.answer('POST /auth/refresh', problem(401, 'authentication is needed'));
    page.answer('POST /runs/estimate', ok(NO_HISTORY));
    page.answer('GET /profiles', ok({ profiles: [], total: 0, limit: 200, offset: 0 }));
    for (const [key, answer] of Object.entries(answers)) page.answer(key, answer);
    await page.go(url);
    return page;
  }

  /** Decides the answer to `METHOD /path` from now on. */
  answer(key: string, answer: Answer | Responder): void {
    this.responders.set(key, typeof answer === 'function' ? answer : () => answer);
  }

  async go(url: string): Promise<void> {
    const done = TestBed.inject(Router).navigateByUrl(url);
    let arrived = false;
    void done.then(() => (arrived = true));
    await this.until(() => arrived);
    await this.settle();
  }

  /** Takes the browser's way back, which leads to this address. */
  async back(url: string): Promise<void> {
    TestBed.inject(Router).setUpLocationChangeListener();
    TestBed.inject(Location).back();
    await this.until(() => this.url === url);
    await this.settle();
  }

  get url(): string {
    return TestBed.inject(Router).url;
  }

  get loader(): HarnessLoader {
    return TestbedHarnessEnvironment.documentRootLoader(this.fixture);
  }

  get text(): string {
    return document.body.textContent.replace(/\s+/g, ' ');
  }

  /** The first element that matches. @throws when there is none */
  find(selector: string): HTMLElement {
    const element = document.body.querySelector<HTMLElement>(selector);
    if (element === null) throw new Error(`Nothing matches ${selector} in: ${this.text}`);
    return element;
  }

  /** The same, where it is something to type into or to choose from. */
  field(selector: string): HTMLInputElement {
    return this.find(selector) as HTMLInputElement;
  }

  all(selector: string): HTMLElement[] {
    return [...document.body.querySelectorAll<HTMLElement>(selector)];
  }

  /** The button or link with exactly this text. */
  control(label: string): HTMLButtonElement {
    const found = this.all('button, a').find(
      (element) => element.textContent.replace(/\s+/g, ' ').trim() === label,
    );
    if (found === undefined) throw new Error(`No control "${label}" in: ${this.text}`);
    return found as HTMLButtonElement;
  }

  async click(label: string): Promise<void> {
    this.control(label).click();
    await this.settle();
  }

  /** Presses the button of an open dialog that goes on. */
  confirm(): void {
    this.all('mat-dialog-actions button').at(-1)?.click();
  }

  async type(selector: string, value: string, event = 'input'): Promise<void> {
    const field = this.field(selector);
    field.value = value;
    field.dispatchEvent(new Event(event, { bubbles: true }));
    field.dispatchEvent(new Event('blur', { bubbles: true }));
    await this.settle();
  }

  async submit(): Promise<void> {
    this.find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await this.settle();
  }

  /** The newest stream of this address. @throws when there is none */
  stream(path: string): ScriptedStream {
    const found = this.streams.findLast(({ url }) => url.split('?')[0] === path);
    if (found === undefined)
      throw new Error(`No stream of ${path} among: ${this.streams.map(({ url }) => url).join(', ')}`);
    return found;
  }

  sent(key: string): TestRequest['request'][] {
    return this.requests.filter((request) => `${request.method} ${pathOf(request.url)}` === key);
  }

  /** Answers requests while a harness works, which waits for the page to be stable. */
  async during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => (done = true);
    work.then(end, end);
    await this.until(() => done);
    return await work;
  }

  /** Answers requests until a condition holds. */
  async until(condition: () => boolean): Promise<void> {
    await vi.waitFor(
      () => {
        this.flush();
        TestBed.tick();
        if (!condition()) throw new Error(`Still waiting; the page says: ${this.text}`);
      },
      { timeout: 20_000, interval: 5 },
    );
  }

  /** Answers requests until the page asks for nothing more and has rendered. */
  async settle(): Promise<void> {
    let stable = false;
    let quiet = 0;
    void this.fixture.whenStable().then(() => (stable = true));
    await this.until(() => {
      quiet = stable ? quiet + 1 : 0;
      return quiet > 2;
    });
  }

  close(): void {
    this.fixture.destroy();
    document.body.replaceChildren();
  }

  private openStream(url: string): ScriptedStream {
    const stream = new ScriptedStream(url);
    this.streams.push(stream);
    return stream;
  }

  private flush(): void {
    for (const open of this.http.match(() => true)) {
      if (open.cancelled) continue;
      this.requests.push(open.request);
      const key = `${open.request.method} ${pathOf(open.request.url)}`;
      const { status, body } =
        this.responders.get(key)?.(open.request) ?? problem(404, `No such route: ${key}`);
      reply(open, status, body);
    }
  }
}

function reply(open: TestRequest, status: number, body: unknown): void {
  const isText = open.request.responseType === 'blob' && typeof body === 'string';
  if (status === 0) open.error(new ProgressEvent('error'), { status, statusText: 'Unknown Error' });
  else open.flush((isText ? new Blob([body]) : body) as object, { status, statusText: String(status) });
}

const pathOf = (url: string): string => new URL(url, 'http://console').pathname;
