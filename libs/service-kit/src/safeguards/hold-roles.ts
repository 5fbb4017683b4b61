import { DomainError } from '@acogida/core';
import type { RemovalHold } from '@acogida/reference';
import type { Actor } from '../auth/actor.ts';
import type { Role } from '../auth/roles.ts';

/** Who may lift a hold: officers who decide in procedures. A border officer does not (INV-01). */
const DECIDING = ['caseworker', 'screening-officer', 'eligibility-officer', 'supervisor'] as const;
/** Who acts on an order of a court. */
const COURT_ORDERS: readonly string[] = ['legal-counsel', 'supervisor'];

/** Who may place a hold of some kind: whoever meets the person. */
export const PLACING_ROLES = [...DECIDING, 'border-officer', 'legal-counsel'] as const satisfies readonly Role[];
/** Who may propose, confirm or decline that a hold of some kind is lifted. */
export const LIFTING_ROLES = [...DECIDING, 'legal-counsel'] as const satisfies readonly Role[];
/** Who is shown which hold it is; the rest of the staff sees that there is one, and since when (INV-17). */
const READS_KIND: readonly string[] = LIFTING_ROLES;
/** Who is shown that there are holds. */
export const SCREEN_ROLES = [...PLACING_ROLES, 'referral-officer', 'coordinator'] as const satisfies readonly Role[];

/** Whether the caller is shown which holds there are. */
export function readsKind({ roles }: Pick<Actor, 'roles'>): boolean {
  return roles.some((role) => READS_KIND.includes(role));
}

/** Whether the caller may lift holds that a procedure places. The import of an earlier register may not: no officer decides there. */
export function liftsHolds({ roles }: Pick<Actor, 'roles'>): boolean {
  return roles.some((role) => (DECIDING as readonly string[]).includes(role));
}

/**
 * Court orders are a matter of counsel, all other holds one of the officers.
 *
 * @param roles that the route lets in
 * @throws DomainError HOLD.NOT_YOUR_ROLE
 */
export function requireRole(kind: RemovalHold | null, actor: Pick<Actor, 'roles'>, roles: readonly Role[]): void {
  const isOrder = kind === 'COURT_OR_INTERIM_MEASURE';
  const allowed = isOrder ? COURT_ORDERS : roles.filter((role) => role !== 'legal-counsel');
  if (actor.roles.some((role) => allowed.includes(role))) return;
  throw new DomainError('HOLD.NOT_YOUR_ROLE', 'forbidden', 'another role acts on holds of this kind');
}
