import picomatch from 'picomatch';
import { isDynamicPattern } from 'tinyglobby';
import type { ArtifactDeclaration, PhaseDefinition } from '../workflow/domain/profile.js';

/** Whether a declaration speaks of a path. It names itself also where it holds characters that a glob would read. */
export function declares(pattern: string, path: string): boolean {
  const wanted = pattern.normalize('NFC').replace(/^(?:\.\/+)+/u, '');
  return wanted === path || (isDynamicPattern(wanted) && picomatch.isMatch(path, wanted, { dot: true }));
}

/** The first declaration that speaks of a path, of one step or, where none is named, of any step of the phase. */
export function findDeclaration(
  phase: PhaseDefinition,
  step: string | null,
  path: string,
): ArtifactDeclaration | null {
  const declarations = phase.steps
    .filter((definition) => step === null || definition.id === step)
    .flatMap((definition) => definition.artifacts);
  return declarations.find((declaration) => declares(declaration.path, path)) ?? null;
}
