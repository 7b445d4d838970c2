import type { Routes } from '@angular/router';
import { adminOnly, needsSession, needsSetup } from './auth/auth-guards';

export const routes: Routes = [
  {
    path: 'login',
    title: 'Sign in',
    loadComponent: () => import('./auth/login/login-page').then((m) => m.LoginPage),
  },
  {
    path: 'reset',
    title: 'New password',
    loadComponent: () => import('./auth/reset/reset-page').then((m) => m.ResetPage),
  },
  {
    path: 'setup',
    title: 'First run',
    canActivate: [needsSetup],
    loadComponent: () => import('./auth/setup/setup-page').then((m) => m.SetupPage),
  },
  {
    path: '',
    canActivate: [needsSession],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'runs' },
      {
        path: 'runs',
        title: 'Runs',
        loadComponent: () => import('./runs/run-list/run-list').then((m) => m.RunList),
      },
      {
        path: 'runs/new',
        title: 'New run',
        loadComponent: () => import('./runs/new-run/new-run').then((m) => m.NewRun),
      },
      {
        path: 'runs/:runId',
        loadChildren: () => import('./runs/run-detail/run-detail.routes').then((m) => m.runDetailRoutes),
      },
      {
        path: 'approvals',
        title: 'Approvals',
        loadComponent: () => import('./approvals/approvals').then((m) => m.Approvals),
      },
      {
        path: 'profiles',
        title: 'Profiles',
        loadComponent: () => import('./profiles/profile-list/profile-list').then((m) => m.ProfileList),
      },
      {
        path: 'profiles/:name',
        loadComponent: () => import('./profiles/profile-view/profile-view').then((m) => m.ProfileView),
      },
      {
        path: 'costs',
        title: 'Costs',
        loadComponent: () => import('./costs/costs').then((m) => m.CostsPage),
      },
      {
        path: 'settings',
        loadComponent: () => import('./settings/settings').then((m) => m.Settings),
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'account' },
          {
            path: 'account',
            title: 'Account',
            loadComponent: () => import('./settings/account/account').then((m) => m.Account),
          },
          {
            path: 'api-keys',
            title: 'API keys',
            loadComponent: () => import('./settings/api-keys/api-keys').then((m) => m.ApiKeys),
          },
          {
            path: 'users',
            title: 'Users',
            canActivate: [adminOnly],
            loadComponent: () => import('./settings/users/users').then((m) => m.Users),
          },
          {
            path: 'providers',
            title: 'Model providers',
            loadComponent: () => import('./settings/providers/providers').then((m) => m.Providers),
          },
          {
            path: 'secrets',
            title: 'Secrets',
            canActivate: [adminOnly],
            loadComponent: () => import('./settings/secrets/secrets').then((m) => m.Secrets),
          },
          {
            path: 'audit',
            title: 'Audit',
            canActivate: [adminOnly],
            loadComponent: () => import('./settings/audit/audit').then((m) => m.Audit),
          },
        ],
      },
      {
        path: '**',
        title: 'Not found',
        loadComponent: () => import('./shell/not-found').then((m) => m.NotFound),
      },
    ],
  },
];
