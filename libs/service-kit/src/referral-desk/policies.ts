import type { ReferralCompletedV1Data, ReferralRejectedV1Data, ReferralRequestedV1Data } from '@acogida/contracts';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { DomainError } from '@acogida/core';
import { type ReferralCommand, referralProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';

function dataOf<D>(event: ReceivedEvent): D {
  return event.payload.data as unknown as D;
}

async function execute(
  context: NodeContext,
  policy: string,
  event: ReceivedEvent,
  transaction: Transaction,
  id: string,
  command: ReferralCommand,
): Promise<void> {
  await context.handler.executeWithin(transaction, {
    procedure: referralProcedure,
    id,
    command,
    actor: `${context.agencyId}.${policy}`,
    correlationId: event.payload.correlationId,
    causation: { source: event.source, id: event.id },
  });
}

/**
 * Takes a request in when it is addressed to this agency; others' requests are none of its business.
 *
 * @throws DomainError (the event is quarantined) when another agency speaks for the sender, or the id is taken
 */
export function whenReferralRequestedThenReceiveReferral(context: NodeContext): Policy {
  const name = 'when-referral-requested-then-receive-referral';
  return {
    name,
    on: 'ReferralRequested',
    async react(event, transaction) {
      const data = dataOf<ReferralRequestedV1Data>(event);
      if (data.receiver !== context.agencyId) return;
      const { caseId, occurredAt } = event.payload;
      if (caseId === null) throw new DomainError('REFERRAL.CASE_MISSING', 'invalid', 'a referral is about a case');
      await execute(context, name, event, transaction, data.referralId, {
        type: 'ReceiveReferral',
        by: context.agencyId,
        publishedBy: event.source,
        request: { ...data, caseId, requestedAt: occurredAt },
      });
    },
  };
}

/**
 * Notes an answer when this agency is the sender. An answer by anybody but the receiver is refused by the decider, so the
 * event is quarantined and shown: somebody spoke for another agency.
 */
function noteWhenSender<D extends { readonly referralId: string }>(
  name: string,
  on: string,
  context: NodeContext,
  commandOf: (heard: { readonly by: string; readonly at: string }, data: D) => ReferralCommand,
): Policy {
  return {
    name,
    on,
    async react(event, transaction) {
      const data = dataOf<D>(event);
      const { state } = await context.handler.load(referralProcedure, data.referralId, transaction);
      if (state?.side !== 'SENDER') return;
      const command = commandOf({ by: event.source, at: event.payload.occurredAt }, data);
      await execute(context, name, event, transaction, data.referralId, command);
    },
  };
}

/** The receiver has seen the request. */
export function whenReferralAcknowledgedThenNoteIt(context: NodeContext): Policy {
  return noteWhenSender('when-referral-acknowledged-then-note-it', 'ReferralAcknowledged', context, (heard) => ({
    type: 'NoteAcknowledgement',
    ...heard,
  }));
}

/** The receiver takes the person on. */
export function whenReferralAcceptedThenNoteIt(context: NodeContext): Policy {
  return noteWhenSender('when-referral-accepted-then-note-it', 'ReferralAccepted', context, (heard) => ({
    type: 'NoteAcceptance',
    ...heard,
  }));
}

/** The receiver does not take the person on: the sender's task reopens (INV-19). */
export function whenReferralRejectedThenNoteIt(context: NodeContext): Policy {
  return noteWhenSender<ReferralRejectedV1Data>(
    'when-referral-rejected-then-note-it',
    'ReferralRejected',
    context,
    (heard, { reason, alternativeAgency }) => ({ type: 'NoteRejection', ...heard, reason, alternativeAgency }),
  );
}

/** The service has ended. */
export function whenReferralCompletedThenNoteIt(context: NodeContext): Policy {
  return noteWhenSender<ReferralCompletedV1Data>(
    'when-referral-completed-then-note-it',
    'ReferralCompleted',
    context,
    (heard, { result }) => ({ type: 'NoteCompletion', ...heard, result }),
  );
}
