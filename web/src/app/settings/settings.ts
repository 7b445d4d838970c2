import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Session } from '../auth/session';

/** My account, keys and model providers; for administrators also the users. */
@Component({
  selector: 'o-settings',
  imports: [MatTabLink, MatTabNav, MatTabNavPanel, RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <div class="page">
      <div class="page-head"><h1>Settings</h1></div>
      <nav mat-tab-nav-bar [tabPanel]="panel" mat-stretch-tabs="false" aria-label="Settings">
        @for (page of pages(); track page.path) {
          <a
            mat-tab-link
            [routerLink]="page.path"
            routerLinkActive
            #active="routerLinkActive"
            [active]="active.isActive"
          >
            {{ page.label }}
          </a>
        }
      </nav>
      <mat-tab-nav-panel #panel class="tab"><router-outlet /></mat-tab-nav-panel>
    </div>
  `,
  styles: `
    .page {
      max-width: 1200px;
    }
    .tab {
      display: block;
      padding-top: var(--o-4);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Settings {
  private readonly session = inject(Session);
  protected readonly pages = computed(() => [
    { path: 'account', label: 'Account' },
    { path: 'api-keys', label: 'API keys' },
    ...(this.session.may('providers:own') ? [{ path: 'providers', label: 'Model providers' }] : []),
    ...(this.session.may('webhooks:manage') ? [{ path: 'webhooks', label: 'Webhooks' }] : []),
    ...(this.session.may('users:manage') ? [{ path: 'users', label: 'Users' }] : []),
    ...(this.session.may('secrets:manage') ? [{ path: 'secrets', label: 'Secrets' }] : []),
    ...(this.session.may('settings:manage') ? [{ path: 'retention', label: 'Retention' }] : []),
    ...(this.session.may('audit:read') ? [{ path: 'audit', label: 'Audit' }] : []),
  ]);
}
