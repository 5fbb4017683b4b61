import { DomainError } from '@acogida/core';
import type { ChildsViews, RepresentativePost } from '@acogida/reference';
import type { AppointGuardian, AppointLegalRepresentative } from './child-case-commands.ts';
import type { Representation } from './child-case-events.ts';

/** Posts of those who are someone to the child: what they say of that is looked into. */
export const LINKED_POSTS: readonly RepresentativePost[] = ['RELATIVE', 'ACCOMPANYING_ADULT'];

function refusal(code: string, message: string): DomainError {
  return new DomainError(`CHILD.${code}`, 'conflict', message);
}

/**
 * INV-12: the step needs the child's views, or why there are none; some reasons are none for it.
 *
 * @throws DomainError CHILD.VIEWS_MISSING
 */
export function assertHeard(views: ChildsViews, ...noReasons: readonly ChildsViews[]): void {
  if (noReasons.includes(views)) throw refusal('VIEWS_MISSING', 'for this step the child is heard first');
}

/**
 * Whether somebody may speak for a child: independent of those who decide on removal, without a conflict of interest, and whoever
 * says that the child is theirs verified (domain.md §2.5). With a guardian H-11 ends: somebody has spoken with the child about it.
 *
 * @throws DomainError CHILD.NOT_INDEPENDENT, CONFLICT_OF_INTEREST, LINK_NOT_VERIFIED, VIEWS_MISSING
 */
export function representationOf(command: AppointGuardian | AppointLegalRepresentative): Representation {
  const { type, representativeId, post, conflicts, isVerified, views, at } = command;
  if (post === 'REMOVAL_AUTHORITY') throw refusal('NOT_INDEPENDENT', 'whoever decides on removal speaks for no child');
  if (conflicts.length > 0)
    throw refusal('CONFLICT_OF_INTEREST', 'whoever has a conflict of interest is not appointed');
  if (LINKED_POSTS.includes(post) && !isVerified)
    throw refusal('LINK_NOT_VERIFIED', 'the link to the child is verified first, not presumed');
  assertHeard(views, 'URGENT');
  if (type === 'AppointGuardian') assertHeard(views, 'NOT_REACHED');
  return { representativeId, post, views, appointedAt: at };
}

/**
 * The appointment that a command makes; null where it was made before.
 *
 * @throws DomainError CHILD.ALREADY_REPRESENTED somebody else is appointed; what `representationOf` throws
 */
export function appointmentBy(
  command: AppointGuardian | AppointLegalRepresentative,
  standing: Representation | null,
): Representation | null {
  if (standing?.representativeId === command.representativeId && standing.post === command.post) return null;
  if (standing !== null) throw refusal('ALREADY_REPRESENTED', 'the appointment before ends first');
  return representationOf(command);
}
