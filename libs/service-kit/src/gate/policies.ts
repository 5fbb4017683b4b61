import type { HaltOrderedV1Data, HoldLiftedV1Data, HoldPlacedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { type GateCommand, gateProcedure } from '@acogida/safeguards';
import type { NodeContext } from '../node-definition.ts';
import { dataOf } from '../received-data.ts';

function caseOf({ payload: { caseId } }: ReceivedEvent): string {
  if (caseId === null) throw new DomainError('GATE.CASE_MISSING', 'invalid', 'holds and halts are of a case');
  return caseId;
}

/** Takes a word in at the gate of its case. */
async function atGate(
  context: NodeContext,
  policy: string,
  { event, transaction }: { readonly event: ReceivedEvent; readonly transaction: Transaction },
  command: GateCommand,
): Promise<void> {
  await context.handler.executeWithin(transaction, {
    ...{ procedure: gateProcedure, id: caseOf(event), command },
    actor: `${context.agencyId}.${policy}`,
    correlationId: event.payload.correlationId,
    causation: { source: event.source, id: event.id },
  });
}

/** Of every word: who said it, as verified, and its number on that agency's topic. */
function wordOf({ source, number }: ReceivedEvent, holdId: string, context: NodeContext) {
  return { authority: source, holdId, number, now: context.clock.now() };
}

/**
 * Voids what is under way, and answers the authority in the same transaction: its hold then protects (S1). If the person has
 * left, the answer says that (S3). A halt of another gate is none of this one's business.
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
      const word = wordOf(event, holdId, context);
      const command = { type: 'RecordHalt', caseId: caseOf(event), clearanceIds, since, ...word } as const;
      await atGate(context, name, { event, transaction }, command);
    },
  };
}

/** Ends what is under way: its authority has to be asked (INV-02). */
export function whenHoldPlacedThenHearHold(context: NodeContext): Policy {
  const name = 'when-hold-placed-then-hear-hold';
  return {
    name,
    on: 'HoldPlaced',
    async react(event, transaction) {
      const { holdId, since, takenOverFrom } = dataOf<HoldPlacedV1Data>(event);
      const word = wordOf(event, holdId, context);
      await atGate(context, name, { event, transaction }, { type: 'HearHold', since, takenOverFrom, ...word });
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
      const command = { type: 'HearHoldLifted', ...wordOf(event, holdId, context) } as const;
      await atGate(context, name, { event, transaction }, command);
    },
  };
}
