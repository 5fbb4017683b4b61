import type { AgencyNature, ConsentField, ConsentHistory } from '@acogida/reference';
import { isTelling, type SharedReferral } from './referral-sharing.ts';
import type { RecipientProfile, SharingVerdict } from './sharing.ts';

/** Who of those around a case may read what (architecture.md §5): coded facts, care, or what is restricted. */
export const READING_AUDIENCES = ['coded', 'care', 'restricted'] as const;
/** One of `READING_AUDIENCES`. */
export type ReadingAudience = (typeof READING_AUDIENCES)[number];

/** What taking on a referral would let its receiver read. */
export interface AccessEffect {
  readonly audiences: readonly ReadingAudience[];
  /** What the referral itself hands over. */
  readonly fields: readonly ConsentField[];
  readonly history: ConsentHistory;
}

const NO_ACCESS: AccessEffect = { audiences: [], fields: [], history: 'CURRENT' };

/** Bodies that restricted content never reaches, whatever was consented (INV-17). */
function mayReadRestricted(nature: AgencyNature): boolean {
  switch (nature) {
    case 'ENFORCEMENT':
    case 'CONSULATE':
    case 'RETURN':
      return false;
    case 'PUBLIC_AUTHORITY':
    case 'NGO':
    case 'INTERNATIONAL':
    case 'OVERSIGHT':
      return true;
  }
}

function audiencesFor(referral: Pick<SharedReferral, 'service' | 'reason'>, nature: AgencyNature) {
  if (!mayReadRestricted(nature)) return ['coded'] as const;
  return isTelling(referral) ? READING_AUDIENCES : (['coded', 'care'] as const);
}

/**
 * What a recipient would read once it took the referral on, so that whoever chooses sees it before: the case's coded facts and
 * its care, unless it controls, returns or represents; what is restricted only for a service of that kind, and nothing where it may
 * not be told at all.
 */
export function accessEffectOf(
  referral: Pick<SharedReferral, 'service' | 'reason'>,
  { nature }: Pick<RecipientProfile, 'nature'>,
  { allowed, fields }: Pick<SharingVerdict, 'allowed' | 'fields'>,
): AccessEffect {
  if (!allowed) return NO_ACCESS;
  return { audiences: audiencesFor(referral, nature), ...{ fields, history: 'CURRENT' } };
}
