import type { CustodyReleasedV1Data, ReferralAcceptedV1Data } from '@acogida/contracts';
import type { Policy } from '@acogida/event-log';
import { custodyProcedure, isTakenBack, isTakenOn, referralProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
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
      const { referralId } = event.payload.data as unknown as ReferralAcceptedV1Data;
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
 * before follows it, or a case that comes back later would come under a term that looks stale.
 *
 * @throws DomainError CUSTODY.STALE_TERM, CUSTODY.NOT_THE_CUSTODIAN: the event is quarantined, and nothing has changed
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
      const release = { referralId, term, from: event.source, to, number: event.number, at: event.payload.occurredAt };
      if (state?.side !== 'RECEIVER') {
        const caseId = caseOf(event);
        const custody = (await context.handler.load(custodyProcedure, caseId, transaction)).state;
        if (custody === null || term <= custody.term) return;
        await react(context, name, received, custodyProcedure, caseId, { type: 'RecordRelease', caseId, ...release });
        return;
      }
      requireSameCase(event, state);
      const heard = { by: event.source, at: event.payload.occurredAt };
      const note = { type: 'NoteCustodyRelease', ...heard, term, to } as const;
      await react(context, name, received, referralProcedure, referralId, note);
      const { caseId } = state.request;
      await react(context, name, received, custodyProcedure, caseId, { type: 'RecordRelease', caseId, ...release });
    },
  };
}
