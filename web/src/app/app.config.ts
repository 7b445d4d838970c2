import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { type ApplicationConfig, inject, provideAppInitializer } from '@angular/core';
import { provideRouter, TitleStrategy, withComponentInputBinding } from '@angular/router';
import { provideLucideConfig } from '@lucide/angular';
import { routes } from './app.routes';
import { provideApiConfiguration } from './api/generated/api-configuration';
import { authInterceptor } from './auth/auth-interceptor';
import { metadataFilterInterceptor } from './runs/metadata-filter';
import { connectionInterceptor } from './shell/connection-interceptor';
import { PageTitle } from './shell/page-title';
import { ThemeChoice } from './shell/theme-choice';

export const appConfig: ApplicationConfig = {
  providers: [
    provideRouter(routes, withComponentInputBinding()),
    provideHttpClient(withInterceptors([metadataFilterInterceptor, connectionInterceptor, authInterceptor])),
    provideApiConfiguration(''),
    provideLucideConfig({ size: 16, strokeWidth: 1.75 }),
    provideAppInitializer(() => {
      inject(ThemeChoice).apply();
    }),
    { provide: TitleStrategy, useClass: PageTitle },
  ],
};
