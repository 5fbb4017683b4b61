import type { Clock, Ids } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { DevelopmentOpener, systemRandomness } from '@acogida/sealing';
import type pg from 'pg';
import type { NodeKeys } from '../at-rest/open-keys.ts';
import { PostgresPeerOfferKeys } from '../case-keys/postgres-peer-offer-keys.ts';
import { PostgresAlignmentPlaces } from '../circle-care/postgres-alignment-places.ts';
import {
  ConfigurationError,
  type KeysConfiguration,
  type NodeConfiguration,
} from '../configuration/node-configuration.ts';
import type { NodeContext } from '../node-definition.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { assembleCaseKeys, type NodeCaseKeys } from './assemble-case-keys.ts';
import { ownSealingPairs } from './own-sealing-pairs.ts';

/** What the keys of a node are kept with. */
export interface CaseKeysParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: NodeKeys;
  readonly trust: LiveTrust;
  /** Asked once the node is made. */
  readonly context: () => NodeContext;
  /** Something may have been published in a transaction of its own. */
  readonly onEffect: () => void;
  /** An offer key could not be published now. */
  readonly onRefused: (code: string) => void;
  /** Circles could not be brought in line with the network now: it is tried again. */
  readonly onMisaligned: (error: unknown) => void;
  /** Those of some cases could not: these are tried again. */
  readonly onLeftOut: (leftOut: { readonly count: number; readonly codes: readonly string[] }) => void;
}

type CasesConfiguration = Extract<KeysConfiguration, { readonly mode: 'cases' }>;

/**
 * Makes what keeps the keys of cases, and lets the node's texts seal with them; null where the node seals with the key of the
 * network.
 *
 * @throws ConfigurationError no private sealing key that the agency is trusted with is at hand
 */
export function createCaseKeys(configuration: NodeConfiguration, parts: CaseKeysParts): NodeCaseKeys | null {
  const { agencyId, agency, keys: mode, sealingKey } = configuration;
  if (mode.mode !== 'cases') return null;
  const { pool, ...rest } = parts;
  return assembleCaseKeys({
    ...{ ...rest, agencyId, jurisdiction: agency.jurisdiction, randomness: systemRandomness, database: pool },
    ownPairs: new OwnPairs(agencyId, mode, parts),
    incarnation: new Incarnation(pool),
    mandateOf: (auditor) => mode.auditMandates.get(auditor) ?? 'NONE',
    book: new PostgresPeerOfferKeys(),
    transact: (work) => inTransaction(pool, work),
    membership: {
      ...{ places: new PostgresAlignmentPlaces(pool, agencyId) },
      ...{ onMisaligned: parts.onMisaligned, onLeftOut: parts.onLeftOut },
    },
    development: new DevelopmentOpener(sealingKey.toString('base64')),
  });
}

/** Number of the node's incarnation, as the relay has it: it rises when a copy was restored. */
class Incarnation {
  readonly #pool: pg.Pool;
  #number = 1;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  get number(): number {
    return this.#number;
  }

  async refresh(): Promise<void> {
    const { rows } = await this.#pool.query<{ incarnation: number }>('SELECT incarnation FROM relay.cursor');
    this.#number = rows[0]?.incarnation ?? this.#number;
  }
}

/** Keeps the ring to the agency's own sealing keys: a rotation adds one, and no process is started again. */
class OwnPairs {
  readonly #agencyId: string;
  readonly #mode: CasesConfiguration;
  readonly #parts: Pick<CaseKeysParts, 'trust' | 'keys'>;
  #revision: number;

  constructor(agencyId: string, mode: CasesConfiguration, parts: Pick<CaseKeysParts, 'trust' | 'keys'>) {
    this.#agencyId = agencyId;
    this.#mode = mode;
    this.#parts = parts;
    this.#revision = parts.trust.revision;
    const isTrusted = this.#use();
    if (!isTrusted) {
      throw new ConfigurationError(['AGENCY_SEALING_KEY_FILE: the private key that others seal to is not there']);
    }
  }

  keep(): void {
    const { revision } = this.#parts.trust;
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#use();
  }

  /** False where others seal to keys of the agency, and none of them is here. */
  #use(): boolean {
    const { trust, keys } = this.#parts;
    const published = trust.sealingKeys().get(this.#agencyId) ?? [];
    const pairs = ownSealingPairs(published, this.#mode.sealingKeys);
    keys.ring.useSealingPairs(pairs);
    return published.length === 0 || pairs.length > 0;
  }
}
