import { ROLES, roleAllows, type Permission, type Role } from '../auth/domain/permissions.js';

const rolesWith = (permission: Permission): Role[] => ROLES.filter((role) => roleAllows(role, permission));
const list = (roles: readonly Role[]): string => roles.map((role) => `'${role}'`).join(', ');

/** SQL: whether the owner `u` of a webhook may have any today. */
export const MAY_HAVE_WEBHOOKS = `(u.disabled_at IS NULL AND u.role IN (${list(rolesWith('webhooks:manage'))}))`;

/** SQL: whether the webhook `w` of the owner `u` covers the run `r`, and its owner may see that run today. */
export const COVERS_RUN = `(${MAY_HAVE_WEBHOOKS}
  AND (w.profile IS NULL OR w.profile = r.profile) AND (w.project IS NULL OR w.project = r.project_name)
  AND CASE w.scope WHEN 'all' THEN u.role IN (${list(rolesWith('runs:read_all'))})
    ELSE r.owner_id = w.owner_id OR EXISTS (
      SELECT FROM run_shares s WHERE s.run_id = r.id AND (s.user_id = w.owner_id OR s.user_id IS NULL)) END)`;
