/*
 * Written by hand, so that a slip in the tables of the code, from which docs/permissions.md is made, does not pass for the
 * intention. A route that is added here has been thought about.
 */

/** What belongs to the server and to everybody: other accounts, what runs on it, its money and its records. */
export const FOR_ADMINISTRATORS: readonly string[] = [
  'createBudget',
  'createSecret',
  'createServiceAccount',
  'createServiceAccountKey',
  'createUser',
  'deleteBudget',
  'deleteSecret',
  'exportAudit',
  'getMetrics',
  'getRetention',
  'listAudit',
  'listSecrets',
  'listServiceAccountKeys',
  'listUnknownCalls',
  'listUsers',
  'makeResetLink',
  'publishProfile',
  'releaseCall',
  'removeTotpOfUser',
  'resetPrice',
  'revokeServiceAccountKey',
  'rotateSecrets',
  'setBudget',
  'setPrice',
  'setSecret',
  'settleCall',
  'updateUser',
  'verifyAudit',
];

/** All that somebody may change who only looks: how they enter, and what they say. */
export const CHANGES_BY_VIEWERS: readonly string[] = [
  'beginTotp',
  'changePassword',
  'confirmTotp',
  'createApiKey',
  'createComment',
  'decideDeviceLogin',
  'deleteComment',
  'editComment',
  'removeTotp',
  'renewRecoveryCodes',
  'revokeApiKey',
  'revokeSession',
  'validateProfile',
];

/** What a member may do to a run that is shared with them to look at. */
export const CHANGES_BY_SHARED_VIEWERS: readonly string[] = [
  'approvePhase',
  'cloneRun',
  'createComment',
  'deleteComment',
  'editComment',
  'rejectPhase',
];
