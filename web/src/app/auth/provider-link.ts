import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { AuthGateway } from './auth-gateway';

const CONSOLE = '/orchestrator';

/** Leads to the identity provider, where there is one. */
@Component({
  selector: 'o-provider-link',
  imports: [MatButton],
  template: `
    @if (name(); as host) {
      <p class="or" aria-hidden="true">or</p>
      <a matButton="outlined" [href]="address()">Sign in with {{ host }}</a>
    }
  `,
  styles: `
    .or {
      display: flex;
      gap: var(--o-3);
      align-items: center;
      margin: var(--o-4) 0;
      color: var(--o-text-3);
    }
    .or::before,
    .or::after {
      content: '';
      flex: 1;
      border-top: 1px solid var(--o-border);
    }
    a {
      width: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProviderLink {
  /** Page of the console to open afterwards. */
  readonly wanted = input('/runs');

  private readonly gateway = inject(AuthGateway);
  private readonly provider = rxResource({ stream: () => this.gateway.provider() });
  protected readonly name = computed(() => (this.provider.hasValue() ? this.provider.value().name : null));
  protected readonly address = computed(
    () => `/auth/oidc/login?return_to=${encodeURIComponent(CONSOLE + this.wanted())}`,
  );
}
