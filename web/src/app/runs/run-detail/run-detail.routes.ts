import type { Routes } from '@angular/router';

/** One run; every view of it has an address. */
export const runDetailRoutes: Routes = [
  {
    path: '',
    loadComponent: () => import('./run-detail').then((m) => m.RunDetailPage),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'phases' },
      { path: 'phases', loadComponent: () => import('./phases-tab/phases-tab').then((m) => m.PhasesTab) },
      {
        path: 'artifacts',
        loadComponent: () => import('./artifacts-tab/artifacts-tab').then((m) => m.ArtifactsTab),
      },
      { path: 'metrics', loadComponent: () => import('./metrics-tab/metrics-tab').then((m) => m.MetricsTab) },
      {
        path: 'activity',
        loadComponent: () => import('./activity-tab/activity-tab').then((m) => m.ActivityTab),
      },
    ],
  },
];
