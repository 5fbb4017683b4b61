import type { HaltOrderedV1Data, HoldLiftedV1Data, HoldPlacedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { casesThatAnswer, type GateFile, gateProcedure } from '@acogida/safeguards';
import { policyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';
import { dataOf } from '../received-data.ts';
import { casesAskedFor } from './cases-of-halts.ts';
import { heardLinkOf } from '../safeguards/heard-link.ts';
import { unlessErased } from '../safeguards/linked-cases.ts';
import { answerForErasedCase, gatesUnlessErased } from './erased-case-halts.ts';
import { endAttemptsIn, gatesOfPerson, hearLinkAtGate } from './linked-gates.ts';

function caseOf({ payload: { caseId } }: ReceivedEvent): string {
  if (caseId === null) throw new DomainError('GATE.CASE_MISSING', 'invalid', 'holds and halts are of a case');
  return caseId.toLowerCase();
}

/** Of every word: who said it, as verified, and its number on that agency's topic. */
function wordOf({ source, number }: ReceivedEvent, holdId: string, context: NodeContext) {
  return { authority: source, holdId, number, now: context.clock.now() };
}

/** Streams of cases for which any of these clearances were asked, whether or not they are known to be the same person's. */
async function gatesAskedFor(
  { handler }: NodeContext,
  clearanceIds: readonly string[],
  transaction: Transaction,
): Promise<readonly (readonly [string, GateFile])[]> {
  const found: [string, GateFile][] = [];
  for (const caseId of await casesAskedFor(transaction, clearanceIds)) {
    const state = await unlessErased(handler.load(gateProcedure, caseId, transaction));
    if (state !== null) found.push([caseId, state]);
  }
  return found;
}

/**
 * Voids what is under way, and answers the authority in the same transaction: its hold then protects (S1). If the person has
 * left, the answer says that (S3). A halt of another gate is none of this one's business. Each case that has any of its clearances
 * answers for itself, whatever case of the person the hold is of; one that is erased here has no departures any more.
 *
 * @throws DomainError (the event is quarantined) HALT.NOT_ITS_CLEARANCE: an authority speaks of another one's clearance;
 *   GATE.AWAITS_ATTESTATION: a restored gate that answered could say that nobody left, and not know it. It is tried again at the attestation
 */
export function whenHaltOrderedThenRecordHalt(context: NodeContext): Policy {
  const name = 'when-halt-ordered-then-record-halt';
  return {
    name,
    on: 'HaltOrdered',
    async react(event, transaction) {
      const { gate, holdId, clearanceIds, since } = dataOf<HaltOrderedV1Data>(event);
      if (gate !== context.agencyId) return;
      if (context.awaitsAttestation?.() === true)
        throw new DomainError('GATE.AWAITS_ATTESTATION', 'conflict', 'whether somebody left may be forgotten here');
      const turn = policyTurn(context, name, event, transaction);
      const caseId = caseOf(event);
      const kept = await gatesUnlessErased(turn, caseId);
      const person = kept ?? [];
      const others = await gatesAskedFor(context, clearanceIds, transaction);
      const answering = casesThatAnswer(clearanceIds, person, others);
      const word = { since, ...wordOf(event, holdId, context) };
      for (const { caseId: id, clearanceIds: own } of answering) {
        const halt = {
          caseId: id,
          clearanceIds: own,
          orderedAt: event.payload.occurredAt,
          isOfLinkedCase: id !== caseId,
          isToAuthorityAlone: id !== caseId && context.circles !== undefined,
        };
        await turn.run({ procedure: gateProcedure, id, command: { type: 'RecordHalt', ...halt, ...word } });
      }
      if (kept === null) {
        const unanswered = clearanceIds.filter((one) => !answering.some((other) => other.clearanceIds.includes(one)));
        const isAnswered = unanswered.length === 0 && answering.length > 0;
        if (!isAnswered) await answerForErasedCase(event, { caseId, clearanceIds: unanswered }, turn);
      }
      const rest = person.map(([id]) => id).filter((id) => !answering.some((one) => one.caseId === id));
      if (rest.includes(caseId)) {
        const command = { type: 'HearHold', takenOverFrom: null, ...word } as const;
        await turn.run({ procedure: gateProcedure, id: caseId, command });
      }
      await endAttemptsIn(rest, 'HOLD_HEARD', turn);
    },
  };
}

/** Ends what is under way in all cases of the person: its authority has to be asked (INV-02). */
export function whenHoldPlacedThenHearHold(context: NodeContext): Policy {
  const name = 'when-hold-placed-then-hear-hold';
  return {
    name,
    on: 'HoldPlaced',
    async react(event, transaction) {
      const { holdId, since, takenOverFrom } = dataOf<HoldPlacedV1Data>(event);
      const turn = policyTurn(context, name, event, transaction);
      const caseId = caseOf(event);
      const command = { type: 'HearHold', since, takenOverFrom, ...wordOf(event, holdId, context) } as const;
      const { state, events } = await turn.run({ procedure: gateProcedure, id: caseId, command });
      if (events.length === 0 || state.linkedCaseIds.length === 0) return;
      const person = await gatesOfPerson(context, caseId, transaction);
      await endAttemptsIn(
        person.map(([id]) => id).filter((id) => id !== caseId),
        'HOLD_HEARD',
        turn,
      );
    },
  };
}

/** The hold stands against nothing any more; its authority is asked all the same. */
export function whenHoldLiftedThenHearHoldLifted(context: NodeContext): Policy {
  const name = 'when-hold-lifted-then-hear-hold-lifted';
  return {
    name,
    on: 'HoldLifted',
    async react(event, transaction) {
      const { holdId } = dataOf<HoldLiftedV1Data>(event);
      const turn = policyTurn(context, name, event, transaction);
      const command = { type: 'HearHoldLifted', ...wordOf(event, holdId, context) } as const;
      await turn.run({ procedure: gateProcedure, id: caseOf(event), command });
    },
  };
}

/**
 * What is under way in either case ends: holds of both stand against both, and whoever placed them has to be asked (INV-02).
 *
 * @throws DomainError (the event is quarantined) LINK.CASE_MISSING, LINK.ONE_CASE, LINK.TOO_MANY
 */
export function whenCasesLinkedThenHearCaseLink(context: NodeContext): Policy {
  const name = 'when-cases-linked-then-hear-case-link';
  return {
    name,
    on: 'CasesLinked',
    react: (event, transaction) =>
      hearLinkAtGate(context, heardLinkOf(event, true), policyTurn(context, name, event, transaction)),
  };
}

/**
 * What is under way ends as well: it was asked as of another person.
 *
 * @throws DomainError (the event is quarantined) LINK.CASE_MISSING, LINK.ONE_CASE, LINK.TOO_MANY
 */
export function whenCasesUnlinkedThenHearCaseUnlink(context: NodeContext): Policy {
  const name = 'when-cases-unlinked-then-hear-case-unlink';
  return {
    name,
    on: 'CasesUnlinked',
    react: (event, transaction) =>
      hearLinkAtGate(context, heardLinkOf(event, false), policyTurn(context, name, event, transaction)),
  };
}
