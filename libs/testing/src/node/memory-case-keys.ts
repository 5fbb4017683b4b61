import type { Clock, Ids } from '@acogida/core';
import type { MemoryInboxStore, Policy } from '@acogida/event-log';
import { NoSqlInMemoryError, type Transaction } from '@acogida/event-store';
import { KeyRing, KeyStore, type NamedPair, type PeerKeys, type Randomness } from '@acogida/sealing';
import {
  assembleCaseKeys,
  type AuditEntry,
  type AuditLog,
  CaseTexts,
  type JudgeIntroduction,
  type KeyPolicyOptions,
  type MembershipLookups,
  type NodeCaseKeys,
  type NodeContext,
  type NodeKeys,
  type NodeMember,
  presumedCandidate,
  sayOf,
  whenKeysGrantedThenHoldThem,
  whenMemberAnnouncedThenAdmitIt,
  whenMemberRemovedThenRemoveIt,
} from '@acogida/service-kit';
import type { MemoryMachine } from './memory-machine.ts';

/** What the agencies of a simulation know of each other's keys: nobody joins, leaves or rotates its sealing key. */
export interface MemoryKeyTrust {
  /** Id of the network, 64 hex digits. */
  readonly network: string;
  readonly members: readonly NodeMember[];
  /** By agency, newest first. */
  readonly sealingKeys: ReadonlyMap<string, PeerKeys['sealing']>;
}

/** What the keys of a simulated node are opened with. */
export interface MemoryKeysOptions {
  readonly agencyId: string;
  readonly machine: MemoryMachine;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly keyTrust: MemoryKeyTrust;
  /** The referrals of a case that this node knows. */
  readonly referralsOf: Required<MembershipLookups>['referralsOf'];
  /** The pairs that others seal to this agency with, newest first. */
  readonly sealingPairs: readonly NamedPair[];
}

/** No consent is on record in a simulation: nobody is let in on the word of others. */
const letNobodyIn: JudgeIntroduction = async () => null;

/** Where stores in memory are read outside of a transaction: they need none, and there is no SQL. */
const COMMITTED: Transaction = {
  query: () => {
    throw new NoSqlInMemoryError();
  },
};

/** The keys of a simulated node, as they are after a start of its process on this machine. */
export async function openMemoryKeys(options: MemoryKeysOptions): Promise<NodeKeys> {
  const { agencyId, machine, clock, randomness, keyTrust, sealingPairs } = options;
  const ring = new KeyRing({ network: keyTrust.network, agency: agencyId });
  const { keyRows: rows, kms } = machine;
  const keyStore = await KeyStore.open({ agency: agencyId, ring, rows, kms, clock, randomness });
  ring.useSealingPairs(sealingPairs);
  const texts = new CaseTexts({ agencyId, ring, keyStore, database: COMMITTED, clock, randomness });
  return { ring, keyStore, texts };
}

/** What keeps the keys of cases at a simulated node. In its network nobody audits. */
export function memoryCaseKeys(
  { agencyId, machine, clock, ids, randomness, keyTrust, referralsOf }: MemoryKeysOptions,
  keys: NodeKeys,
  context: () => NodeContext,
  onRefused: (code: string) => void,
): NodeCaseKeys {
  const { members, sealingKeys } = keyTrust;
  return assembleCaseKeys({
    ...{ agencyId, jurisdiction: jurisdictionOf(members, agencyId), clock, ids, randomness, keys, context, onRefused },
    trust: {
      revision: 1,
      sealingKeys: () => sealingKeys,
      has: (other) => members.some((member) => member.agencyId === other),
      agencies: () => members,
    },
    book: machine.peerOfferKeys,
    database: COMMITTED,
    transact: (work) => machine.database.transaction(work),
    ownPairs: { keep: () => {} },
    incarnation: { number: 1, refresh: async () => {} },
    mandateOf: () => 'NONE',
    membership: {
      lookups: {
        ...{ referralsOf, judge: letNobodyIn },
        candidate: async (node, other) => presumedCandidate(node, other),
      },
    },
    onEffect: () => {},
  });
}

/** Where an agency is at home. */
export function jurisdictionOf(members: readonly NodeMember[], agencyId: string): string | null {
  return members.find((member) => member.agencyId === agencyId)?.jurisdiction ?? null;
}

/** How a simulated node reacts to the keys that others grant. */
export function memoryKeyPolicies(
  context: NodeContext,
  { store, circles, membership }: NodeCaseKeys,
  inboxStore: MemoryInboxStore,
  audit: Pick<AuditLog, 'record'>,
): readonly Policy[] {
  const options: KeyPolicyOptions = {
    ...{ store, circles, judge: membership.judge, hasSay: sayOf(circles), audit },
    wantUnlock: (transaction, unlocked) => inboxStore.wantUnlock(transaction, unlocked),
  };
  return [
    whenKeysGrantedThenHoldThem(context, options),
    whenMemberAnnouncedThenAdmitIt(context, options),
    whenMemberRemovedThenRemoveIt(context, options),
  ];
}

/** Keeps the entries of one life of a node, for whoever judges it. */
export class MemoryAudit implements Pick<AuditLog, 'record'> {
  readonly entries: AuditEntry[] = [];

  async record(_connection: unknown, ...entries: readonly AuditEntry[]): Promise<void> {
    this.entries.push(...entries);
  }
}
