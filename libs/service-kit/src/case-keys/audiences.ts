import type { AgencyKind, AgencyNature, AgencyStatus } from '@acogida/reference';
import { GROUP_AUDIENCES, type GroupAudience } from '@acogida/sealing';

/** What decides which keys an agency may ever be given: as the directory lists it. */
export interface CircleCandidate {
  readonly kind: AgencyKind;
  readonly nature: AgencyNature;
  readonly status: AgencyStatus;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
}

/** How far the mandate of an auditor goes that is on record: `RESTRICTED` also over asylum and trafficking. */
export type AuditMandate = 'NONE' | 'CODED' | 'RESTRICTED';

/** What an agency has to do with a case. */
export interface CircleRelation {
  /** It accepted a referral of the case, under a consent that stands. */
  readonly isMember: boolean;
  /** The service that it gives needs what is restricted of this case: it is named. */
  readonly isNamed: boolean;
  /** Jurisdictions of the custodian and of the members; null of a regional one. */
  readonly jurisdictions: readonly (string | null)[];
  readonly mandate: AuditMandate;
}

/** INV-17: what is restricted is no business of those who control, return or represent, whatever was consented to. */
export function mayReadRestricted(nature: AgencyNature): boolean {
  switch (nature) {
    case 'PUBLIC_AUTHORITY':
    case 'NGO':
    case 'INTERNATIONAL':
    case 'OVERSIGHT':
      return true;
    case 'ENFORCEMENT':
    case 'CONSULATE':
    case 'RETURN':
      return false;
  }
}

/** An auditor where the case is at home; a regional one needs a mandate. */
function isAuditor({ kind, jurisdiction }: CircleCandidate, { jurisdictions, mandate }: CircleRelation): boolean {
  if (kind !== 'OVERSIGHT') return false;
  return jurisdiction === null ? mandate !== 'NONE' : jurisdictions.includes(jurisdiction);
}

/**
 * Which keys of a case an agency is given (architecture.md §5): members and auditors of the jurisdiction `coded`, and `care`
 * whoever of them may hear that asylum or trafficking is asked about (INV-17); `restricted` whoever is named besides, or has a
 * mandate for it. Total: whoever is neither, or takes no part at the moment, gets none.
 */
export function audiencesOf(agency: CircleCandidate, relation: CircleRelation): readonly GroupAudience[] {
  if (agency.status !== 'ACTIVE') return [];
  const audits = isAuditor(agency, relation);
  const isAsked = (relation.isMember && relation.isNamed) || (audits && relation.mandate === 'RESTRICTED');
  const given: Readonly<Record<GroupAudience, boolean>> = {
    coded: relation.isMember || audits,
    care: (relation.isMember || audits) && mayReadRestricted(agency.nature),
    restricted: isAsked && mayReadRestricted(agency.nature),
  };
  return GROUP_AUDIENCES.filter((audience) => given[audience]);
}
