import type { ClearanceAuthoritiesListedV1Data, FocalPointDesignatedV2Data } from '@acogida/contracts';
import type { Transaction } from '@acogida/event-store';
import type { DirectoryView, KnownAgency, RecipientProfile } from '@acogida/referral';
import { type AgencyLeaving, leavingReasonFor } from '../case-keys/leaving-reason.ts';
import type { NodeContext, NodeMember } from '../node-definition.ts';
import type { KnownEntryKind } from './directory-view-projection.ts';

/** Service kind of the agency whose word on the directory counts. */
const DIRECTORY_KIND = 'directory';

/** Agencies whose word on the directory counts. */
export function directoriesAmong(members: readonly NodeMember[]): readonly string[] {
  return members.filter(({ kind }) => kind === DIRECTORY_KIND).map(({ agencyId }) => agencyId);
}

/** A focal point as the directory publishes it. */
export type KnownFocalPoint = FocalPointDesignatedV2Data;
/** A jurisdiction's clearance authorities as the directory publishes them. */
export type KnownClearanceAuthorities = ClearanceAuthoritiesListedV1Data;

/** Of what the directory says, an entry by its id; of focal points and authorities nobody asks for one. */
interface EntryOf {
  readonly AGENCY: KnownAgency;
  readonly SERVICE: DirectoryView['services'][number];
  readonly AGREEMENT: DirectoryView['agreements'][number];
  readonly FOCAL_POINT: KnownFocalPoint;
  readonly CLEARANCE: KnownClearanceAuthorities;
}

/**
 * Who an agency is as long as the directory has not said it: an authority of its State. The network's own statement says of
 * which jurisdiction it is, and in doubt somebody speaks for a State (INV-05).
 */
function presumed({ agencyId, jurisdiction }: NodeMember): RecipientProfile {
  return { agencyId, nature: 'PUBLIC_AUTHORITY', authorityOf: jurisdiction };
}

/**
 * The directory as this node has heard of it, from its own tables: no question leaves the node. What others than the
 * network's directory say of agencies counts for nothing.
 */
export class LocalDirectory {
  readonly #lookup: Pick<Transaction, 'query'>;
  readonly #members: readonly NodeMember[];

  /** @param lookup the node's pool, or the transaction that the answer is for */
  constructor(node: Pick<NodeContext, 'members'>, lookup: Pick<Transaction, 'query'>) {
    this.#lookup = lookup;
    this.#members = node.members();
  }

  /** All that `whoCanTake` looks at. */
  async view(): Promise<DirectoryView> {
    const { rows } = await this.#lookup.query<{ kind: KnownEntryKind; entries: unknown[] }>({
      name: 'known-entries-of-takers',
      text: `SELECT kind, jsonb_agg(entry ORDER BY entry_id) AS entries FROM known_entry
       WHERE kind IN ('AGENCY', 'SERVICE', 'AGREEMENT') AND source = ANY($1) GROUP BY kind`,
      values: [directoriesAmong(this.#members)],
    });
    const entriesOf = <K extends keyof EntryOf>(kind: K): readonly EntryOf[K][] =>
      (rows.find((row) => row.kind === kind)?.entries ?? []) as EntryOf[K][];
    return { agencies: entriesOf('AGENCY'), services: entriesOf('SERVICE'), agreements: entriesOf('AGREEMENT') };
  }

  /** An agency's entry; null where the directory has said nothing of it. */
  async agency(agencyId: string): Promise<KnownAgency | null> {
    const { rows } = await this.#lookup.query<{ entry: KnownAgency }>({
      name: 'known-entry-of-agency',
      text: `SELECT entry FROM known_entry WHERE kind = 'AGENCY' AND entry_id = $1 AND source = ANY($2) LIMIT 1`,
      values: [agencyId, directoriesAmong(this.#members)],
    });
    return rows[0]?.entry ?? null;
  }

  /** What consent and deny rules need to know of an agency; null for one that does not take part. */
  async recipient(agencyId: string): Promise<RecipientProfile | null> {
    const listed = await this.agency(agencyId);
    if (listed !== null) return { agencyId, nature: listed.nature, authorityOf: listed.authorityOf };
    const member = this.#members.find((one) => one.agencyId === agencyId);
    return member === undefined ? null : presumed(member);
  }

  /**
   * Why an agency is to be sent nothing new, by the directory or by the roots; null where nothing is against it.
   *
   * @param listed its entry; null where the directory has said nothing of it
   */
  leavingReasonOf(agencyId: string, listed: Pick<KnownAgency, 'status'> | null): AgencyLeaving | null {
    const member = this.#members.find((one) => one.agencyId === agencyId) ?? { agencyId };
    return leavingReasonFor(member, listed ?? undefined);
  }

  /** What `recipient` says of every agency that is listed or takes part, by its id. */
  async recipients(): Promise<ReadonlyMap<string, RecipientProfile>> {
    const { agencies } = await this.view();
    const members = this.#members.map((member): [string, RecipientProfile] => [member.agencyId, presumed(member)]);
    const listed = agencies.map(({ agencyId, nature, authorityOf }): [string, RecipientProfile] => [
      agencyId,
      { agencyId, nature, authorityOf },
    ]);
    return new Map([...members, ...listed]);
  }

  /** Where an agency is reached, for all its roles. */
  focalPoints(agencyId: string): Promise<readonly KnownFocalPoint[]> {
    return this.#all('FOCAL_POINT', `${agencyId}/`);
  }

  /** Who may lift which hold in a jurisdiction (ISO 3166-1 alpha-2); empty where nobody is named. */
  async clearanceAuthorities(jurisdiction: string): Promise<KnownClearanceAuthorities['authorities']> {
    const found = await this.#all('CLEARANCE', jurisdiction);
    return found.find((entry) => entry.jurisdiction === jurisdiction)?.authorities ?? [];
  }

  /** Every jurisdiction's list of who clears its departures. */
  clearanceLists(): Promise<readonly KnownClearanceAuthorities[]> {
    return this.#all('CLEARANCE', '');
  }

  async #all<K extends keyof EntryOf>(kind: K, prefix: string): Promise<readonly EntryOf[K][]> {
    const { rows } = await this.#lookup.query<{ entry: EntryOf[K] }>(
      `SELECT entry FROM known_entry WHERE kind = $1 AND starts_with(entry_id, $2) AND source = ANY($3) ORDER BY entry_id`,
      [kind, prefix, directoriesAmong(this.#members)],
    );
    return rows.map(({ entry }) => entry);
  }
}
