import type { CustodyReleasedV1Data, ReferralAcceptedV2Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy } from '@acogida/event-log';
import { custodyProcedure, isTakenBack, isTakenOn, referralProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { CustodyReaction } from './custody-reaction.ts';
import { caseOf, react, requireSameCase } from './policies.ts';

/**
 * The custodian that sees its transfer accepted gives the case away, in both streams at once: the referral's, where a cancel
 * and a release exclude each other, and the custody's, which counts the terms (architecture.md §6). Runs after the acceptance
 * was noted. Where the case went elsewhere meanwhile, the transfer is superseded.
 */
export function whenTransferAcceptedThenReleaseCustody(context: NodeContext): Policy {
  const name = 'when-transfer-accepted-then-release-custody';
  return {
    name,
    on: 'ReferralAccepted',
    async react(event, transaction) {
      const { referralId } = event.payload.data as unknown as ReferralAcceptedV2Data;
      const { state } = await context.handler.load(referralProcedure, referralId, transaction);
      if (state?.side !== 'SENDER' || !state.request.transfer || state.custodyTerm !== null) return;
      if (!isTakenOn(state) || isTakenBack(state)) return;
      const { caseId, receiver } = state.request;
      const { agencyId } = context;
      const at = context.clock.now();
      const custody = (await context.handler.load(custodyProcedure, caseId, transaction)).state;
      const received = { event, transaction };
      if (custody?.holder !== agencyId) {
        const cancel = { type: 'CancelReferral', by: agencyId, now: at, reason: 'SUPERSEDED' } as const;
        await react(context, name, received, referralProcedure, referralId, cancel);
        return;
      }
      const term = custody.term + 1;
      await react(context, name, received, custodyProcedure, caseId, {
        type: 'RecordRelease',
        ...{ caseId, referralId, term, from: agencyId, to: receiver, number: null, at },
      });
      const release = { type: 'ReleaseCustody', by: agencyId, now: at, term } as const;
      await react(context, name, received, referralProcedure, referralId, release);
    },
  };
}

/**
 * The receiver of a transfer takes the case over at the term that its custodian gave. Who knows the custody of the case from
 * before follows it, or a case that comes back later would come under a term that looks stale; a release that such a node
 * knows to be over has no effect there. Who does not know it keeps what it heard until it does. A release of an agency that is
 * gone counts up to its last good number.
 *
 * A release to this agency by a referral that it never received is refused and shown: nobody is made custodian unasked, and a
 * case that its custodian believes to be here must not be with nobody.
 *
 * @throws DomainError CUSTODY.STALE_TERM, CUSTODY.NOT_THE_CUSTODIAN, REFERRAL.CONTRADICTION: the event is quarantined, and
 * nothing has changed
 */
export function whenCustodyReleasedThenTakeCustody(context: NodeContext): Policy {
  const name = 'when-custody-released-then-take-custody';
  return {
    name,
    on: 'CustodyReleased',
    async react(event, transaction) {
      const { referralId, term, to } = event.payload.data as unknown as CustodyReleasedV1Data;
      const { state } = await context.handler.load(referralProcedure, referralId, transaction);
      const received = { event, transaction };
      const at = new Date(event.payload.occurredAt).toISOString();
      const release = { referralId, term, from: event.source, to, number: event.number, at };
      if (state?.side !== 'RECEIVER') {
        if (to === context.agencyId)
          throw new DomainError('REFERRAL.CONTRADICTION', 'conflict', 'no transfer of this agency was accepted by it');
        await new CustodyReaction(context, name, received, caseOf(event)).overhear(release);
        return;
      }
      requireSameCase(event, state);
      const note = { type: 'NoteCustodyRelease', by: event.source, at, term, to } as const;
      await react(context, name, received, referralProcedure, referralId, note);
      await new CustodyReaction(context, name, received, state.request.caseId).release(release);
    },
  };
}
