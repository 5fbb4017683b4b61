import { type Clock, DomainError, type Ids } from '@acogida/core';
import type { InboxSealing } from '@acogida/event-log';
import type { AnyProcedure, Transaction } from '@acogida/event-store';
import type { DevelopmentOpener, KeyStore, Randomness } from '@acogida/sealing';
import type { NodeKeys } from '../at-rest/open-keys.ts';
import type { AuditMandate } from '../case-keys/audiences.ts';
import { CaseCircles } from '../case-keys/case-circles.ts';
import { caseInboxSealing } from '../case-keys/case-inbox-sealing.ts';
import { CircleOpening } from '../case-keys/circle-opening.ts';
import { CircleSnapshots } from '../case-keys/circle-snapshots.ts';
import { KnownAuditors } from '../case-keys/known-auditors.ts';
import { handOverNothing } from '../case-keys/hand-over.ts';
import { keyTurn } from '../case-keys/key-turn.ts';
import type { StandingAgency } from '../case-keys/leaving-reason.ts';
import { OfferKeyCare } from '../case-keys/offer-key-care.ts';
import { PeerKeyCare, type SealingKeysOfAgencies } from '../case-keys/peer-key-care.ts';
import type { PeerOfferKeyBook } from '../case-keys/peer-offer-keys.ts';
import { caseGrantProcedure, caseKeysProcedure, offerKeysProcedure } from '../case-keys/procedures.ts';
import type { AnyDeadlineRule } from '../deadlines/port.ts';
import type { NodeContext, NodeDefinition, NodeMember } from '../node-definition.ts';
import { createMembership, type MembershipParts, type NodeMembership } from './membership-of-node.ts';
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
  /** Who is in the circles, and what keeps it so. */
  readonly membership: NodeMembership;
  readonly procedures: readonly AnyProcedure[];
  readonly deadlines: readonly AnyDeadlineRule[];
  /** Reads what was heard of others before: to be done before anything is sealed. */
  load(): Promise<void>;
  /**
   * The own topic was compared with this database: publishes the offer keys that are due, or all anew where it was an older copy.
   *
   * @param publishing.node what they are published with; the node itself by default
   */
  readonly onCompared: (publishing?: OfferKeyPublishing) => Promise<void>;
}

/** How offer keys are published after a comparison. */
export interface OfferKeyPublishing {
  readonly node?: NodeContext;
  readonly hasRecovered?: boolean;
}

/** Whom a node believes, as far as keys of cases need it (`LiveTrust`). */
export interface TrustForKeys extends SealingKeysOfAgencies {
  has(agencyId: string): boolean;
  agencies(): readonly (NodeMember & StandingAgency)[];
}

/** What the keys of cases are assembled from: over PostgreSQL at a running node, in memory at a simulated one. */
export interface CaseKeysAssembly {
  readonly agencyId: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
  /** Their texts seal from now on. */
  readonly keys: NodeKeys;
  readonly trust: TrustForKeys;
  /** Offer keys of others. */
  readonly book: PeerOfferKeyBook;
  /** Where is read what is committed only. */
  readonly database: Transaction;
  readonly transact: (work: (transaction: Transaction) => Promise<void>) => Promise<void>;
  /** Keeps the ring to the agency's own sealing keys. */
  readonly ownPairs: { keep(): void };
  /** Number of the node's incarnation. */
  readonly incarnation: { readonly number: number; refresh(): Promise<void> };
  /** What is on record of an auditor's mandate. */
  readonly mandateOf: (agencyId: string) => AuditMandate;
  /** How membership is looked up and kept, where that is not as everywhere. */
  readonly membership?: Pick<MembershipParts, 'lookups' | 'places' | 'onMisaligned' | 'onLeftOut'>;
  /** Opens what was sealed before case keys were random; left out where nothing ever was. */
  readonly development?: DevelopmentOpener;
  /** Asked once the node is made. */
  readonly context: () => NodeContext;
  /** Something may have been published in a transaction of its own. */
  readonly onEffect: () => void;
  /** An offer key could not be published now. */
  readonly onRefused: (code: string) => void;
}

/** Puts together what keeps the keys of cases, and lets the node's texts seal with them. */
export function assembleCaseKeys(parts: CaseKeysAssembly): NodeCaseKeys {
  const {
    agencyId,
    clock,
    ids,
    randomness,
    keys,
    trust,
    database,
    mandateOf,
    context,
    incarnation,
    ownPairs,
    onEffect,
  } = parts;
  const { ring, keyStore, texts } = keys;
  const common = { agencyId, ids, randomness, store: keyStore, ring };
  const peers = new PeerKeyCare({ agencyId, ring, clock, trust, book: parts.book, database });
  const keeping = {
    keep: () => {
      ownPairs.keep();
      peers.keep();
    },
  };
  const circles = new CaseCircles({ ...common, incarnation: () => incarnation.number, peers: keeping });
  const offerKeys = new OfferKeyCare(common);
  const auditors = new KnownAuditors({ agencyId, members: () => trust.agencies(), database, mandateOf });
  const ofCase = caseKeysProcedure(handOverNothing);
  const snapshots = new CircleSnapshots((caseId, transaction) => context().handler.load(ofCase, caseId, transaction));
  const isMember = (other: string): boolean => trust.has(other);
  texts.sealWith({ snapshots, seal: sealForCircles({ agencyId, ring, randomness, isMember, peers: keeping }) });
  const membership = createMembership({
    ...parts.membership,
    ...{ agencyId, clock, ids, circles, auditors, trust, context, onEffect },
    open: (turn, caseId): Promise<boolean> => opening.openWithin(turn, caseId),
  });
  const { alignment } = membership;
  const opening: CircleOpening = new CircleOpening({
    ...{ agencyId, clock, ids, snapshots, texts, circles, incarnation: () => incarnation.number, node: context },
    auditors: () => membership.auditors.of([parts.jurisdiction]),
    transact: parts.transact,
    onRotated: onEffect,
    ...(alignment === null ? {} : { alignment }),
  });
  return {
    ...{ store: keyStore, circles, offerKeys, peers, auditors, mandateOf, opening, membership },
    sealing: keptSealing(parts, keeping.keep),
    procedures: [ofCase, caseGrantProcedure(handOverNothing), offerKeysProcedure],
    deadlines: [circles.deadlines(), offerKeys.deadlines()],
    load: async () => {
      ownPairs.keep();
      await Promise.all([peers.refresh(), auditors.refresh(), incarnation.refresh(), alignment?.load()]);
    },
    onCompared: async (publishing = {}) => {
      await incarnation.refresh();
      await publishOfferKeys(offerKeys, publishing, parts);
    },
  };
}

/** Opens what is received, with what the agencies have published by then. */
function keptSealing({ agencyId, keys, database, development }: CaseKeysAssembly, keep: () => void): InboxSealing {
  const reading = caseInboxSealing({
    ...{ agencyId, ring: keys.ring, store: keys.keyStore, database },
    ...(development === undefined ? {} : { development }),
  });
  return {
    ...reading,
    prepare: (headers) => {
      keep();
      return reading.prepare(headers);
    },
  };
}

/** With what every node has that keeps keys of cases. */
export function withCaseKeys<D extends Pick<NodeDefinition, 'procedures' | 'deadlines'>>(
  definition: D,
  caseKeys: NodeCaseKeys | null,
): D {
  if (caseKeys === null) return definition;
  return {
    ...definition,
    procedures: [...definition.procedures, ...caseKeys.procedures],
    deadlines: [...(definition.deadlines ?? []), ...caseKeys.deadlines],
  };
}

/** A node that may not publish goes on without: nothing new is offered to it until then. */
async function publishOfferKeys(
  offerKeys: OfferKeyCare,
  publishing: OfferKeyPublishing,
  { transact, clock, ids, context, onEffect, onRefused }: CaseKeysAssembly,
): Promise<void> {
  const { node = context(), hasRecovered = false } = publishing;
  const metadata = { actor: `${node.agencyId}.start`, correlationId: ids.uuid(), causation: null };
  try {
    await transact((transaction) => {
      const turn = keyTurn(node, transaction, clock.now(), metadata);
      return hasRecovered ? offerKeys.publishAnew(turn) : offerKeys.publish(turn);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    onRefused(error.code);
    return;
  }
  onEffect();
}
