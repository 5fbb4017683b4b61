import type { Decider } from '@acogida/core';
import type { ProcedureDefinition } from '@acogida/event-store';
import { type CaseKeysState, evolveCaseKeys, NO_CASE_KEYS } from './case-keys.ts';
import type { CaseKeysCommand } from './case-keys-commands.ts';
import type { CaseKeysEvent, KeysGranted } from './case-keys-events.ts';
import { type CaseGrantCommand, decideCaseGrant } from './case-grants.ts';
import { decideCaseKeys } from './decide-case-keys.ts';
import { decideOfferKeys, evolveOfferKeys, NO_OFFER_KEYS, type OfferKeysCommand } from './decide-offer-keys.ts';
import type { OfferKeysEvent, OfferKeysState } from './offer-keys.ts';
import { type HandOver, publishCaseKeys, publishGrant, publishOfferKeys } from './publish.ts';

/** This agency's keys of one case. */
export const caseKeysDecider: Decider<CaseKeysCommand, CaseKeysState, CaseKeysEvent> = {
  initialState: NO_CASE_KEYS,
  decide: decideCaseKeys,
  evolve: evolveCaseKeys,
};

/**
 * On streams `case-keys-<caseId>`, whose version is the epoch and circle that appends to the case guard. Of no case at rest: it
 * holds no secret, and says after the erasure what was destroyed.
 *
 * @param handOver puts the secrets into what is published, which is sealed in the same step
 */
export function caseKeysProcedure(
  handOver: HandOver,
): ProcedureDefinition<CaseKeysCommand, CaseKeysState, CaseKeysEvent> {
  return {
    name: 'case-keys',
    decider: caseKeysDecider,
    versions: {
      CaseOpenedForKeys: 1,
      MemberAdmitted: 1,
      MemberLeft: 1,
      EpochBegun: 1,
      KeysGranted: 1,
      GrantPostponed: 1,
      CaseKeysErased: 1,
    },
    upcasters: [],
    publish: (event) => publishCaseKeys(event, handOver),
    caseOf: () => null,
  };
}

/** Whether a grant was made. */
export interface CaseGrantState {
  readonly isGranted: boolean;
}

/** One grant of many cases to one auditor, on a stream of its own: nobody waits for anybody. */
export const caseGrantDecider: Decider<CaseGrantCommand, CaseGrantState, KeysGranted> = {
  initialState: { isGranted: false },
  decide: decideCaseGrant,
  evolve: () => ({ isGranted: true }),
};

/** On streams `grants-<grantId>`. @param handOver as of `caseKeysProcedure` */
export function caseGrantProcedure(
  handOver: HandOver,
): ProcedureDefinition<CaseGrantCommand, CaseGrantState, KeysGranted> {
  return {
    name: 'grants',
    decider: caseGrantDecider,
    versions: { KeysGranted: 1 },
    upcasters: [],
    publish: (event) => publishGrant(event, handOver),
    caseOf: () => null,
  };
}

/** This agency's offer keys. */
export const offerKeysDecider: Decider<OfferKeysCommand, OfferKeysState, OfferKeysEvent> = {
  initialState: NO_OFFER_KEYS,
  decide: decideOfferKeys,
  evolve: evolveOfferKeys,
};

/** On the one stream `offer-keys-<agencyId>`. */
export const offerKeysProcedure: ProcedureDefinition<OfferKeysCommand, OfferKeysState, OfferKeysEvent> = {
  name: 'offer-keys',
  decider: offerKeysDecider,
  versions: { OfferKeyPublished: 1, OfferKeyKept: 1, OfferKeyRetired: 1, OfferKeyDestroyed: 1 },
  upcasters: [],
  publish: publishOfferKeys,
  caseOf: () => null,
};
