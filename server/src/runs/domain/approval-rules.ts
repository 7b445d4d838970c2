const RANK = { viewer: 0, member: 1, admin: 2 } as const;

export const ALREADY_DECIDED = 'You have decided on this already; the others are awaited.';

interface ApprovalRules {
  readonly role: keyof typeof RANK;
  readonly selfApproval: boolean;
}

/** Why somebody may not decide on an approval, as a sentence; null when they may. */
export function mayDecide(
  rules: ApprovalRules,
  ownerId: string,
  by: { readonly userId: string; readonly role: keyof typeof RANK },
): string | null {
  if (RANK[by.role] < RANK[rules.role]) return `This approval needs the role ${rules.role}.`;
  if (!rules.selfApproval && by.userId === ownerId) {
    return 'Who started the run may not approve it; ask somebody else.';
  }
  return null;
}

/**
 * Whether somebody decided on something else than what is there now. While the decision is still awaited, everything new
 * counts; once it is taken, what was decided on does: other steps may add to it.
 * @param judged SHA-256 by path of what was there then
 * @param current the same of what is there now
 */
export function isOutdated(
  judged: ReadonlyMap<string, string>,
  current: ReadonlyMap<string, string>,
  awaited: boolean,
): boolean {
  const added = awaited && [...current.keys()].some((path) => !judged.has(path));
  return added || [...judged].some(([path, sha256]) => current.get(path) !== sha256);
}
