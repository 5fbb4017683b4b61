import { createHash } from 'node:crypto';
import type { LeavingReason } from '@acogida/reference';
import type { CircleCandidate } from './audiences.ts';
import type { KnownAuditors } from './known-auditors.ts';
import { leavingReasonFor, type StandingAgency } from './leaving-reason.ts';

/** What the standing of agencies is judged by. */
export interface AgencyStandingsOptions {
  /** This agency, which leaves no circle of its own. */
  readonly agencyId: string;
  /** Whom the roots admitted (`LiveTrust`). */
  readonly trust: { readonly revision: number; agencies(): readonly StandingAgency[] };
  /** What the directory said, and who audits. */
  readonly auditors: Pick<KnownAuditors, 'revision' | 'listed' | 'everywhere'>;
}

interface Seen {
  readonly trust: number;
  readonly directory: number;
  readonly leaving: ReadonlyMap<string, LeavingReason>;
  readonly fingerprint: string;
}

/**
 * Who may be in a circle at all, whatever consents and referrals say: nobody whom the directory suspended or closed, whose keys the
 * roots revoked, or who was succeeded. In memory: every append may ask.
 */
export class AgencyStandings {
  readonly #options: AgencyStandingsOptions;
  #seen: Seen | undefined;

  constructor(options: AgencyStandingsOptions) {
    this.#options = options;
  }

  /** Why an agency is to be in no circle; null where nothing is against it. */
  leaving(agency: string): LeavingReason | null {
    return this.#now().leaving.get(agency) ?? null;
  }

  /** SHA-256 hex over everything about agencies that decides who is in circles: another one, and circles may be out of line. */
  get fingerprint(): string {
    return this.#now().fingerprint;
  }

  #now(): Seen {
    const { trust, auditors } = this.#options;
    const seen = this.#seen;
    if (seen?.trust === trust.revision && seen.directory === auditors.revision) return seen;
    return (this.#seen = this.#look());
  }

  #look(): Seen {
    const { agencyId: own, trust, auditors } = this.#options;
    const others = trust.agencies().filter(({ agencyId }) => agencyId !== own);
    const leaving = new Map<string, LeavingReason>();
    const natures: (readonly string[])[] = [];
    for (const agency of others) {
      const listed = auditors.listed(agency.agencyId);
      const reason = leavingReasonFor(agency, listed);
      if (reason !== null) leaving.set(agency.agencyId, reason);
      if (listed !== undefined && isKeptFromRestricted(listed)) natures.push([agency.agencyId, listed.nature, 'coded']);
    }
    const told = [[...leaving], natures, auditors.everywhere()];
    const fingerprint = createHash('sha256').update(JSON.stringify(told)).digest('hex');
    return { trust: trust.revision, directory: auditors.revision, leaving, fingerprint };
  }
}

/** INV-17: such an agency may have been let into more than `coded` before it was listed as what it is, or by an earlier release. */
function isKeptFromRestricted({ nature }: CircleCandidate): boolean {
  return nature === 'ENFORCEMENT' || nature === 'CONSULATE' || nature === 'RETURN';
}
