const RANK = { viewer: 0, member: 1, admin: 2 } as const;

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
