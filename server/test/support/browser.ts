/** As much of a browser as a sign-in by redirects needs: cookies by origin, and forms. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  /** One request, without following a redirect. */
  async open(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  cookie(origin: string, name: string): string | null {
    return this.jars.get(origin)?.get(name) ?? null;
  }

  setCookie(origin: string, name: string, value: string): void {
    this.jars.get(origin)?.set(name, value);
  }

  /** Follows redirects and fills in the provider's pages, until an address of `stopAt` comes up, which is not opened. */
  async signInAtProvider(start: string, login: string, stopAt: string): Promise<string> {
    let url = start;
    let form: Record<string, string> | undefined;
    for (let hops = 0; hops < 20; hops += 1) {
      if (url.startsWith(stopAt)) return url;
      const answer = await this.open(url, form);
      form = undefined;
      const location = answer.headers.get('location');
      if (location !== null) {
        url = new URL(location, url).href;
        continue;
      }
      const page = await answer.text();
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) throw new Error(`${url} answered ${String(answer.status)}: ${page}`);
      url = new URL(action, url).href;
      form = page.includes('name="login"')
        ? { prompt: 'login', login, password: 'x' }
        : { prompt: 'consent' };
    }
    throw new Error(`The provider goes in circles at ${url}`);
  }
}
