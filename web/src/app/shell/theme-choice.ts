import { computed, Injectable, signal } from '@angular/core';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'orchestrator.theme';

/** Light or dark: as the system says, unless the person chose. Kept in this browser. */
@Injectable({ providedIn: 'root' })
export class ThemeChoice {
  private readonly query = matchMedia('(prefers-color-scheme: dark)');
  private readonly systemDark = signal(this.query.matches);
  private readonly current = signal<Theme>(stored());

  readonly theme = this.current.asReadonly();
  readonly dark = computed(() => {
    const theme = this.current();
    return theme === 'system' ? this.systemDark() : theme === 'dark';
  });

  constructor() {
    this.query.addEventListener('change', (event) => {
      this.systemDark.set(event.matches);
    });
  }

  choose(theme: Theme): void {
    this.current.set(theme);
    localStorage.setItem(KEY, theme);
    this.apply();
  }

  /** Writes the choice to the document, where the style sheet reads it. */
  apply(): void {
    const theme = this.current();
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}
