import {
  type ConsentEvent,
  type ConsentRegister,
  type CustodyRelease,
  type CustodyState,
  type SuccessionOrder,
  consentDecider,
  custodyDecider,
  type Referral,
  type ReferralEvent,
  type RecordedConsent,
} from '@acogida/referral';
import { instantAfter } from '@acogida/core';

/** How often what nobody controls may happen. */
export interface Budget {
  /** Times that the sender takes a referral back. */
  readonly cancels: number;
  /** Times that the receiver rejects, or ends what it took on. */
  readonly ends: number;
  readonly withdrawals: number;
  /** Times that more passes than any deadline leaves. */
  readonly delays: number;
  /** Times that the custodian goes, and the last agency succeeds it. */
  readonly successions: number;
}

/** One world to explore: the custodian offers its case to each of the others, as a transfer. */
export interface CustodyScenario {
  readonly name: string;
  /** The custodian, and whom it asks. */
  readonly agencies: readonly string[];
  readonly budget: Budget;
}

/** What an agency says on the log: of a referral, or of the consent that it rests on. */
export type Word =
  | {
      readonly kind: 'referral';
      readonly referralId: string;
      readonly type: string;
      readonly data: object;
      readonly at: string;
    }
  | { readonly kind: 'withdrawal' | 'answer'; readonly event: ConsentEvent };

/** Decided by somebody of the staff, not written yet: the process may be paused here. */
export interface Pending {
  readonly what: string;
  readonly referralId: string;
  readonly version: number;
  readonly events: readonly ReferralEvent[];
}

/** One agency's streams, and its place on the log. */
export interface AgencyNode {
  readonly referrals: Readonly<Record<string, { readonly state: Referral; readonly version: number }>>;
  readonly custody: CustodyState;
  readonly consents: ConsentRegister;
  readonly pending: Pending | null;
  readonly said: readonly Word[];
  /** How far it has heard each agency. */
  readonly heard: readonly number[];
  /** Releases that it overheard while it did not know whose the case was. */
  readonly overheard: readonly CustodyRelease[];
  /** Whether it has heard who succeeds the custodian. */
  readonly knowsSuccession: boolean;
}

/** A state of everything. */
export interface CustodyWorld {
  readonly nodes: readonly AgencyNode[];
  readonly now: string;
  readonly left: Budget;
  /** Greatest term that any agency has known. */
  readonly term: number;
  /** Who succeeds the custodian, and which of its words are good; null while it is there. */
  readonly order: SuccessionOrder | null;
}

export const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
export const CONSENT_ID = '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
/** The agency that has the case at first. */
export const CUSTODIAN = 0;
export const BEGAN_AT = '2026-11-22T09:00:00.000Z';
/** Longer than any deadline. */
export const DELAY_MS = 100 * 24 * 60 * 60 * 1_000;

/** The referral by which an agency is offered the case. */
export function referralOf(receiver: string): string {
  return `to-${receiver}`;
}

/** A node of this world. */
export function nodeAt({ nodes }: CustodyWorld, index: number): AgencyNode {
  return nodes[index] as AgencyNode;
}

/** With one node changed. */
export function withNode(world: CustodyWorld, index: number, change: Partial<AgencyNode>): CustodyWorld {
  return { ...world, nodes: world.nodes.map((node, at) => (at === index ? { ...node, ...change } : node)) };
}

/** With one thing less that may happen. */
export function spend(world: CustodyWorld, what: keyof Budget): CustodyWorld {
  return { ...world, left: { ...world.left, [what]: world.left[what] - 1 } };
}

/** With as much time gone as ends every deadline. */
export function later(world: CustodyWorld): CustodyWorld {
  return { ...spend(world, 'delays'), now: instantAfter(world.now, DELAY_MS) };
}

function consentOfAll(agencies: readonly string[]): RecordedConsent {
  return {
    ...{ consentId: CONSENT_ID, caseId: CASE_ID, language: 'spa', interpretation: 'NONE_NEEDED' },
    scope: {
      ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: agencies.slice(1), history: 'CURRENT' },
      services: ['SHELTER'],
    },
    ...{ form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', basis: 'CONSENT' },
    ...{ expiresAt: '2036-11-22T09:00:00.000Z', recordedAt: agencies[CUSTODIAN] ?? '', grantedAt: BEGAN_AT },
  };
}

/** The custodian has the case, and all know the consent. */
export function firstWorld({ agencies, budget }: CustodyScenario): CustodyWorld {
  const data = consentOfAll(agencies);
  const opening = { type: 'OpenCustody', by: agencies[CUSTODIAN] ?? '', now: BEGAN_AT, caseId: CASE_ID } as const;
  const opened = custodyDecider
    .decide(opening, null)
    .reduce<CustodyState>((state, event) => custodyDecider.evolve(state, event), null);
  const nodes = agencies.map((_, index): AgencyNode => {
    const known: ConsentEvent = index === CUSTODIAN ? { type: 'ConsentGranted', data } : { type: 'ConsentNoted', data };
    return {
      ...{ referrals: {}, custody: index === CUSTODIAN ? opened : null, pending: null, said: [] },
      consents: consentDecider.evolve(consentDecider.initialState, known),
      ...{ heard: agencies.map(() => 0), overheard: [], knowsSuccession: false },
    };
  });
  return { nodes, now: BEGAN_AT, left: budget, term: 1, order: null };
}
