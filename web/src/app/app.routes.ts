import type { Routes } from '@angular/router';
import { adminOnly, needs, needsSession, needsSetup } from './auth/auth-guards';

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
    path: 'device',
    title: 'Let a program sign in',
    canActivate: [needsSession],
    loadComponent: () => import('./auth/device/device-page').then((m) => m.DevicePage),
  },
  {
    path: 'second-factor',
    title: 'Second factor',
    canActivate: [needsSession],
    loadComponent: () => import('./auth/owed-factor/owed-factor-page').then((m) => m.OwedFactorPage),
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
        path: 'runs/compare',
        title: 'Compare runs',
        loadComponent: () => import('./runs/compare/compare-page').then((m) => m.ComparePage),
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
        path: 'profiles/new',
        canActivate: [needs('profiles:publish')],
        loadComponent: () => import('./profiles/profile-edit/profile-edit').then((m) => m.ProfileEdit),
      },
      {
        path: 'profiles/:name/edit',
        canActivate: [needs('profiles:publish')],
        loadComponent: () => import('./profiles/profile-edit/profile-edit').then((m) => m.ProfileEdit),
      },
      {
        path: 'profiles/:name',
        loadComponent: () => import('./profiles/profile-view/profile-view').then((m) => m.ProfileView),
      },
      {
        path: 'templates',
        title: 'Templates',
        loadComponent: () => import('./templates/template-list').then((m) => m.TemplateList),
      },
      {
        path: 'templates/new',
        canActivate: [needs('templates:manage')],
        loadComponent: () => import('./templates/template-edit').then((m) => m.TemplateEdit),
      },
      {
        path: 'templates/:name',
        loadComponent: () => import('./templates/template-edit').then((m) => m.TemplateEdit),
      },
      {
        path: 'schedules',
        title: 'Schedules',
        loadComponent: () => import('./schedules/schedule-list').then((m) => m.ScheduleList),
      },
      {
        path: 'schedules/new',
        title: 'New schedule',
        canActivate: [needs('schedules:manage')],
        loadComponent: () => import('./schedules/schedule-edit').then((m) => m.ScheduleEdit),
      },
      {
        path: 'schedules/:scheduleId',
        loadComponent: () => import('./schedules/schedule-view').then((m) => m.ScheduleView),
      },
      {
        path: 'schedules/:scheduleId/edit',
        title: 'Change a schedule',
        canActivate: [needs('schedules:manage')],
        loadComponent: () => import('./schedules/schedule-edit').then((m) => m.ScheduleEdit),
      },
      {
        path: 'workers',
        title: 'Workers',
        loadComponent: () => import('./workers/workers').then((m) => m.Workers),
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
            canActivate: [needs('providers:own')],
            loadComponent: () => import('./settings/providers/providers').then((m) => m.Providers),
          },
          {
            path: 'webhooks',
            title: 'Webhooks',
            loadComponent: () => import('./settings/webhooks/webhooks').then((m) => m.Webhooks),
          },
          {
            path: 'retention',
            title: 'Retention',
            canActivate: [adminOnly],
            loadComponent: () => import('./settings/retention/retention').then((m) => m.Retention),
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
        path: 'no-access',
        title: 'No access',
        loadComponent: () => import('./auth/no-access').then((m) => m.NoAccess),
      },
      {
        path: '**',
        title: 'Not found',
        loadComponent: () => import('./shell/not-found').then((m) => m.NotFound),
      },
    ],
  },
];
