import { editorconfig } from './remedies/editorconfig.js';
import { finalNewline } from './remedies/final-newline.js';
import { gitattributes } from './remedies/gitattributes.js';
import { gitignore } from './remedies/gitignore.js';
import { lockFile } from './remedies/lock-file.js';
import { notebookOutputs } from './remedies/notebook-outputs.js';
import { removeJunk } from './remedies/remove-junk.js';
import { workflowPermissions } from './remedies/workflow-permissions.js';
import type { Remedy } from './remedy.js';

/** The remedies that only read files of the repository to know what they would change. */
export const LOCAL_REMEDIES: readonly Remedy[] = [
  // Before the entries of .gitignore, which never match a tracked file.
  removeJunk,
  gitignore,
  editorconfig,
  gitattributes,
  finalNewline,
  notebookOutputs,
  workflowPermissions,
];

/** Every remedy, in the order in which they are applied. */
export const allRemedies = (variables: Readonly<Record<string, string | undefined>>): readonly Remedy[] => [
  ...LOCAL_REMEDIES,
  lockFile(variables),
];
