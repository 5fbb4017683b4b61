import { type Clock, DomainError, type Ids } from '@acogida/core';
import type { InboxSealing } from '@acogida/event-log';
import { type AnyProcedure, inTransaction } from '@acogida/event-store';
import { DevelopmentOpener, type KeyStore, systemRandomness } from '@acogida/sealing';
import type pg from 'pg';
import type { NodeKeys } from '../at-rest/open-keys.ts';
import type { AuditMandate } from '../case-keys/audiences.ts';
import { CaseCircles, handOverOf } from '../case-keys/case-circles.ts';
import { caseInboxSealing } from '../case-keys/case-inbox-sealing.ts';
import { CircleOpening } from '../case-keys/circle-opening.ts';
import { CircleSnapshots } from '../case-keys/circle-snapshots.ts';
import { KnownAuditors } from '../case-keys/known-auditors.ts';
import { keyTurn } from '../case-keys/key-turn.ts';
import { OfferKeyCare } from '../case-keys/offer-key-care.ts';
import { PeerKeyCare } from '../case-keys/peer-key-care.ts';
import { PostgresPeerOfferKeys } from '../case-keys/postgres-peer-offer-keys.ts';
import { caseGrantProcedure, caseKeysProcedure, offerKeysProcedure } from '../case-keys/procedures.ts';
import {
  ConfigurationError,
  type KeysConfiguration,
  type NodeConfiguration,
} from '../configuration/node-configuration.ts';
import type { AnyDeadlineRule } from '../deadlines/port.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { ownSealingPairs } from './own-sealing-pairs.ts';
import { sealForCircles } from './seal-for-outbox.ts';

/** What keeps and hands out the keys of cases at one node. */
export interface NodeCaseKeys {
  readonly store: KeyStore;
  readonly circles: CaseCircles;
  readonly offerKeys: OfferKeyCare;
  readonly peers: PeerKeyCare;
  readonly auditors: KnownAuditors;
  readonly mandateOf: (agencyId: string) => AuditMandate;
  /** Opens what this agency and others published. */
  readonly sealing: InboxSealing;
  /** Stands before every append of a case. */
  readonly opening: CircleOpening;
  readonly procedures: readonly AnyProcedure[];
  readonly deadlines: readonly AnyDeadlineRule[];
  /** Reads what was heard of others before: to be done before anything is sealed. */
  load(): Promise<void>;
  /** The own topic was compared with this database: publishes the offer keys that are due. */
  readonly onCompared: () => Promise<void>;
}

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
  const { pool, clock, ids, keys, trust, context, onEffect } = parts;
  const { ring, keyStore, texts } = keys;
  const pairs = new OwnPairs(agencyId, mode, parts);
  const incarnation = new Incarnation(pool);
  const mandateOf = (auditor: string): AuditMandate => mode.auditMandates.get(auditor) ?? 'NONE';
  const members = (): ReturnType<LiveTrust['agencies']> => trust.agencies();
  const randomness = systemRandomness;
  const common = { agencyId, ids, randomness, store: keyStore, ring };
  const circles = new CaseCircles({ ...common, incarnation: () => incarnation.number });
  const offerKeys = new OfferKeyCare(common);
  const peers = new PeerKeyCare({
    ...{ agencyId, ring, clock, trust },
    book: new PostgresPeerOfferKeys(),
    database: pool,
  });
  const auditors = new KnownAuditors({ agencyId, members, database: pool, mandateOf });
  const ofCase = caseKeysProcedure(handOverOf([]));
  const snapshots = new CircleSnapshots((caseId, transaction) => context().handler.load(ofCase, caseId, transaction));
  const keeping = {
    keep: () => {
      pairs.keep();
      peers.keep();
    },
  };
  const isMember = (other: string): boolean => trust.has(other);
  texts.sealWith({ snapshots, seal: sealForCircles({ agencyId, ring, randomness, isMember, peers: keeping }) });
  const opening = new CircleOpening({
    ...{ agencyId, clock, ids, snapshots, texts, circles, incarnation: () => incarnation.number, node: context },
    auditors: () => auditors.of([agency.jurisdiction]),
    transact: (work) => inTransaction(pool, work),
    onRotated: onEffect,
  });
  const reading = caseInboxSealing({
    ...{ agencyId, ring, store: keyStore, database: pool },
    development: new DevelopmentOpener(sealingKey.toString('base64')),
  });
  return {
    ...{ store: keyStore, circles, offerKeys, peers, auditors, mandateOf, opening },
    sealing: {
      ...reading,
      prepare: (headers) => {
        keeping.keep();
        return reading.prepare(headers);
      },
    },
    procedures: [ofCase, caseGrantProcedure(handOverOf([])), offerKeysProcedure],
    deadlines: [circles.deadlines(), offerKeys.deadlines()],
    load: async () => {
      pairs.keep();
      await Promise.all([peers.refresh(), auditors.refresh(), incarnation.refresh()]);
    },
    onCompared: async () => {
      await incarnation.refresh();
      await publishOfferKeys(offerKeys, parts);
    },
  };
}

/** With what every node has that keeps keys of cases. */
export function withCaseKeys(definition: NodeDefinition, caseKeys: NodeCaseKeys | null): NodeDefinition {
  if (caseKeys === null) return definition;
  return {
    ...definition,
    procedures: [...definition.procedures, ...caseKeys.procedures],
    deadlines: [...(definition.deadlines ?? []), ...caseKeys.deadlines],
  };
}

/** A node whose streams wait for an officer goes on without: nothing new is offered to it until then. */
async function publishOfferKeys(offerKeys: OfferKeyCare, parts: CaseKeysParts): Promise<void> {
  const { pool, clock, ids, context, onEffect, onRefused } = parts;
  const node = context();
  const metadata = { actor: `${node.agencyId}.start`, correlationId: ids.uuid(), causation: null };
  try {
    await inTransaction(pool, (transaction) => offerKeys.publish(keyTurn(node, transaction, clock.now(), metadata)));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    onRefused(error.code);
    return;
  }
  onEffect();
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
