import type {
  CaseErasedV1Data,
  ErasureOrderedV1Data,
  ErasurePostponedV1Data,
  ReferralRequestedV2Data,
} from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import { type Policy, VoidReactionError } from '@acogida/event-log';
import { StreamErasedError } from '@acogida/event-store';
import { type KeyTurn, policyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';
import { ownOrderOf } from './erasure.ts';
import type { ErasureCare } from './erasure-care.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import type { ErasureOrder } from './erasure-events.ts';
import { caseOfOwnOrder } from './erasure-orders.ts';
import { erasureProcedure } from './erasure-procedure.ts';
import { dataOf } from '../received-data.ts';

async function run(turn: KeyTurn, caseId: string, command: ErasureCommand): Promise<void> {
  await turn.run({ procedure: erasureProcedure, id: caseId, command });
}

/** Notes an order that counts here, to be passed on to whom this agency brought into the case. */
async function heed(turn: KeyTurn, care: ErasureCare, order: ErasureOrder, from: string): Promise<void> {
  const { caseId, orderedBy } = order;
  const { agencies, copies } = await care.reach(turn, caseId);
  const further = agencies.filter((agency) => agency !== from && agency !== orderedBy);
  const passOnTo = care.sealsToOne ? further : [];
  const passedOn = passOnTo.length === 0 ? { toCircle: false, sealedTo: [] } : copies;
  const sealedTo = passedOn.sealedTo.filter((agency) => passOnTo.includes(agency));
  const noted = { from, passOnTo, copies: { ...passedOn, sealedTo }, now: turn.now };
  await run(turn, caseId, { type: 'NoteOrder', order, ...noted });
}

/**
 * Erases the case here too, and passes the order on to whom this agency let in. From an agency that has no say in a case that is
 * kept here it is refused (`speakersFor`); one that is only passed on by such an agency is not heeded. Of a case that is not known here
 * it erases nothing: it must not keep the case from being referred here later.
 *
 * @throws DomainError (the event is quarantined) `ERASURE.CASE_MISSING`, `ERASURE.NOT_OF_CASE`
 */
export function whenErasureOrderedThenNoteIt(context: NodeContext, care: ErasureCare): Policy {
  const name = 'when-erasure-ordered-then-note-it';
  return {
    name,
    on: 'ErasureOrdered',
    async react(event, transaction) {
      const caseId = event.payload.caseId?.toLowerCase() ?? null;
      if (caseId === null) throw new DomainError('ERASURE.CASE_MISSING', 'invalid', 'an erasure is of a case');
      const { erasureId, orderedBy, basis, orderedAt } = dataOf<ErasureOrderedV1Data>(event);
      if (orderedBy === context.agencyId) return; // passed on to whoever gave it
      const turn = policyTurn(context, name, event, transaction);
      const isBelieved =
        (care.sealsToOne || event.source === orderedBy) && (await care.mayOrder(turn, caseId, event.source));
      if (!isBelieved && (await care.isKnown(turn, caseId))) {
        if (care.sealsToOne && event.source !== orderedBy) return; // who has a say in the case passes it on as well
        throw new DomainError('ERASURE.NOT_OF_CASE', 'forbidden', 'this agency has no say in the erasure of the case');
      }
      if (!isBelieved && !care.sealsToOne) return; // it is of others
      const order = { erasureId, caseId, orderedBy, basis, orderedAt };
      const { state } = await context.handler.load(erasureProcedure, caseId, transaction);
      if (isBelieved || state.local !== null) await heed(turn, care, order, event.source);
      else await run(turn, caseId, { type: 'NoteUnknownOrder', order, from: event.source, now: turn.now });
    },
  };
}

/**
 * Heeds an order that came before anything of the case did, where it came from who turns out to speak for the case. Runs after the
 * referral was received.
 */
export function whenReferralRequestedThenHeedEarlierOrder(context: NodeContext, care: ErasureCare): Policy {
  const name = 'when-referral-requested-then-heed-earlier-order';
  return {
    name,
    on: 'ReferralRequested',
    async react(event, transaction) {
      const caseId = event.payload.caseId?.toLowerCase() ?? null;
      if (caseId === null || dataOf<ReferralRequestedV2Data>(event).receiver !== context.agencyId) return;
      const { state } = await context.handler.load(erasureProcedure, caseId, transaction);
      const turn = policyTurn(context, name, event, transaction);
      for (const { from, answerDueAt: _, heardAt: __, ...order } of state.unknownOrders) {
        if (await care.mayOrder(turn, caseId, from)) await heed(turn, care, order, from);
      }
    },
  };
}

/** Shows with the order of this agency what another one waits for. */
export function whenErasurePostponedThenNoteIt(context: NodeContext): Policy {
  const name = 'when-erasure-postponed-then-note-it';
  return {
    name,
    on: 'ErasurePostponed',
    async react(event, transaction) {
      const { erasureId, reason, reviewOn, postponedAt } = dataOf<ErasurePostponedV1Data>(event);
      const caseId = await caseOfOwnOrder(transaction, erasureId);
      if (caseId === null) return;
      const turn = policyTurn(context, name, event, transaction);
      const { state } = await context.handler.load(erasureProcedure, caseId, transaction);
      if (ownOrderOf(state)?.erasureId !== erasureId) return;
      const postponement = { caseId, erasureId, from: event.source, reason, reviewOn, postponedAt };
      await run(turn, caseId, { type: 'NotePostponement', ...postponement });
    },
  };
}

/** Keeps the receipt, where the order was given. */
export function whenCaseErasedThenNoteReceipt(context: NodeContext): Policy {
  const name = 'when-case-erased-then-note-receipt';
  return {
    name,
    on: 'CaseErased',
    async react(event, transaction) {
      const receipt = dataOf<CaseErasedV1Data>(event);
      const caseId = await caseOfOwnOrder(transaction, receipt.erasureId);
      if (caseId === null) return;
      const turn = policyTurn(context, name, event, transaction);
      await run(turn, caseId, { type: 'NoteReceipt', caseId, from: event.source, receipt, now: turn.now });
    },
  };
}

/**
 * What others say of a case that is erased here comes to nothing, and so does what the policy did before it found out: there is
 * nobody whom it is about any more.
 */
export function sparingErasedCases(policies: readonly Policy[]): readonly Policy[] {
  return policies.map((policy) => ({
    ...policy,
    react: async (event, transaction, batch) => {
      try {
        await policy.react(event, transaction, batch);
      } catch (error) {
        throw error instanceof StreamErasedError
          ? new VoidReactionError('the case was erased', { cause: error })
          : error;
      }
    },
  }));
}
