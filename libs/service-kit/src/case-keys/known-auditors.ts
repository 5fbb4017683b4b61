import type { AgencyListedV2Data } from '@acogida/contracts';
import type { ContractProjection } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeMember } from '../node-definition.ts';
import { type AuditMandate, audiencesOf, type CircleCandidate } from './audiences.ts';
import type { Auditor } from './case-keys-events.ts';

/** Service kind of the nodes of auditors, and of the agency whose word on the directory counts. */
const AUDITOR_KIND = 'timeline';
const DIRECTORY_KIND = 'directory';

/** What knowing auditors takes. */
export interface KnownAuditorsOptions {
  /** This agency, which audits nobody of itself. */
  readonly agencyId: string;
  readonly members: () => readonly NodeMember[];
  /** Of the node: where its view of the directory is. */
  readonly database: Pick<Transaction, 'query'>;
  /** What this agency has on record of an auditor's mandate. */
  readonly mandateOf: (agencyId: string) => AuditMandate;
}

/**
 * Who audits the cases of a jurisdiction, in memory: a case is opened without asking anybody. As the directory lists them; an
 * agency of which it has said nothing yet is an auditor if the roots admitted its node as one.
 */
export class KnownAuditors {
  readonly #options: KnownAuditorsOptions;
  readonly #listed = new Map<string, CircleCandidate>();
  #revision = 0;

  constructor(options: KnownAuditorsOptions) {
    this.#options = options;
  }

  /** Moves whenever the directory may have said something else. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads what was heard of the directory: at start. */
  async refresh(): Promise<void> {
    const { members, database } = this.#options;
    const { agencies } = await new LocalDirectory({ members }, database).view();
    for (const { agencyId, ...listed } of agencies) this.#listed.set(agencyId, listed);
    this.#revision += 1;
  }

  /** An agency as the directory lists it; undefined where it has said nothing. */
  listed(agencyId: string): CircleCandidate | undefined {
    return this.#listed.get(agencyId);
  }

  /** Who audits which jurisdiction of an agency of the network. */
  everywhere(): readonly (Auditor & Pick<NodeMember, 'jurisdiction'>)[] {
    const jurisdictions = new Set(this.#options.members().map(({ jurisdiction }) => jurisdiction));
    return [...jurisdictions].flatMap((jurisdiction) =>
      this.of([jurisdiction]).map((auditor) => ({ ...auditor, jurisdiction })),
    );
  }

  /** Auditors of a case with a custodian and members of these jurisdictions, by id. */
  of(jurisdictions: readonly (string | null)[]): readonly Auditor[] {
    const { agencyId: own, members, mandateOf } = this.#options;
    return members()
      .flatMap(({ agencyId, kind, jurisdiction }): readonly Auditor[] => {
        const candidate = this.#listed.get(agencyId) ?? presumed(kind, jurisdiction);
        if (agencyId === own || candidate === null) return [];
        const relation = { isMember: false, isNamed: false, jurisdictions, mandate: mandateOf(agencyId) };
        const audiences = audiencesOf(candidate, relation);
        return audiences.length === 0 ? [] : [{ agency: agencyId, audiences }];
      })
      .sort((one, other) => (one.agency < other.agency ? -1 : 1));
  }

  /** Keeps up with the directory. A listing is used as soon as it is heard, whatever becomes of the batch: its agency signed it. */
  projection(): ContractProjection {
    return {
      name: 'known-auditors',
      apply: async ({ opened }) => {
        const directories = new Set(this.#options.members().flatMap(directoryOf));
        for (const { source, payload } of opened) {
          if (payload.type !== 'AgencyListed' || !directories.has(source)) continue;
          const { agencyId, ...listed } = payload.data as unknown as AgencyListedV2Data;
          this.#listed.set(agencyId, listed);
          this.#revision += 1;
        }
      },
      reset: async () => {},
      // What was heard long ago must not count again while read models are built anew from it.
      replay: async () => ({ add: async () => {}, finish: async () => {} }),
    };
  }
}

function directoryOf({ agencyId, kind }: NodeMember): readonly string[] {
  return kind === DIRECTORY_KIND ? [agencyId] : [];
}

function presumed(kind: string, jurisdiction: string | null): CircleCandidate | null {
  return kind === AUDITOR_KIND ? { kind: 'OVERSIGHT', nature: 'OVERSIGHT', status: 'ACTIVE', jurisdiction } : null;
}
