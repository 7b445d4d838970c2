import { DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { inOneTab } from './one-tab';
import { AuthGateway, type Me, type Permission } from './auth-gateway';

/**
 * Who is signed in. The session itself is a pair of HttpOnly cookies that scripts cannot read;
 * this class only knows whether they still work.
 */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly gateway = inject(AuthGateway);
  private readonly router = inject(Router);
  private readonly document = inject(DOCUMENT);
  private readonly current = signal<Me | null>(null);
  private refreshing: Promise<boolean> | null = null;

  readonly user = this.current.asReadonly();

  may(permission: Permission): boolean {
    return this.current()?.permissions.includes(permission) ?? false;
  }

  /** The signed-in user, asked for once. @throws when the server refuses or does not answer */
  async load(): Promise<Me> {
    const known = this.current();
    if (known !== null) return known;
    const me = await firstValueFrom(this.gateway.me());
    this.current.set(me);
    return me;
  }

  /** Asks again who is signed in: what they may do has changed. */
  async renew(): Promise<void> {
    this.current.set(null);
    await this.load();
  }

  async login(email: string, password: string): Promise<void> {
    await firstValueFrom(this.gateway.login(email, password));
    await this.renew();
  }

  /** The second half of a sign-in, for people with a second factor. */
  async loginTotp(ticket: string, code: string): Promise<void> {
    await firstValueFrom(this.gateway.loginTotp(ticket, code));
    await this.renew();
  }

  /** Ends the session, at the identity provider as well where it began there. */
  async logout(): Promise<void> {
    const { provider_url: elsewhere } = await firstValueFrom(this.gateway.logout());
    this.current.set(null);
    if (elsewhere === null) await this.router.navigate(['/login']);
    else this.document.location.assign(elsewhere);
  }

  /**
   * Renews the session; requests that fail together share one renewal, and tabs wait for each other: a token that is
   * sent twice ends the session, since a thief would send it so. False: sign in again.
   */
  refresh(): Promise<boolean> {
    this.refreshing ??= inOneTab(() => firstValueFrom(this.gateway.refresh()))
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  /** Leads to the login page, and from there back to where the person was. */
  async expire(): Promise<void> {
    // Nobody was signed in yet: the guard of the page that is opening decides where to go.
    if (this.current() === null) return;
    this.current.set(null);
    await this.router.navigate(['/login'], { queryParams: { return: this.router.url } });
  }
}
