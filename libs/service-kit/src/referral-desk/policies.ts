import type { ReferralRequestedV2Data } from '@acogida/contracts';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { ProcedureDefinition, Transaction } from '@acogida/event-store';
import { DomainError } from '@acogida/core';
import {
  commandHeard,
  HEARD_BY,
  type HeardEvent,
  type HeardType,
  type Referral,
  referralProcedure,
  requestHeard,
} from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';

/** Runs a command because of what was received. */
export async function react<C, S, E extends { readonly type: string; readonly data: object }>(
  context: NodeContext,
  policy: string,
  { event, transaction }: { readonly event: ReceivedEvent; readonly transaction: Transaction },
  procedure: ProcedureDefinition<C, S, E>,
  id: string,
  command: C,
): Promise<S> {
  const { state } = await context.handler.executeWithin(transaction, {
    ...{ procedure, id, command },
    actor: `${context.agencyId}.${policy}`,
    correlationId: event.payload.correlationId,
    causation: { source: event.source, id: event.id },
  });
  return state;
}

/** Case that an event is about. */
export function caseOf({ payload: { caseId } }: ReceivedEvent): string {
  if (caseId === null) throw new DomainError('REFERRAL.CASE_MISSING', 'invalid', 'a referral is about a case');
  return caseId.toLowerCase();
}

/**
 * What is said of a referral is said of its case.
 *
 * @throws DomainError REFERRAL.CONTRADICTION
 */
export function requireSameCase(event: ReceivedEvent, { request }: Referral): void {
  if (caseOf(event) === request.caseId) return;
  throw new DomainError('REFERRAL.CONTRADICTION', 'conflict', 'the referral is of another case');
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
      const data = event.payload.data as unknown as ReferralRequestedV2Data;
      if (data.receiver !== context.agencyId) return;
      await react(context, name, { event, transaction }, referralProcedure, data.referralId, {
        type: 'ReceiveReferral',
        by: context.agencyId,
        publishedBy: event.source,
        request: requestHeard(data, { caseId: caseOf(event), requestedAt: event.payload.occurredAt }),
      });
    },
  };
}

/** `ReferralPutOnHold` → `referral-put-on-hold`. */
function kebab(type: string): string {
  return type.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

/** What one side says that the other only notes; custody has a policy of its own. */
export const NOTED_TYPES = Object.keys(HEARD_BY).filter((type) => type !== 'CustodyReleased') as readonly Exclude<
  HeardType,
  'CustodyReleased'
>[];

/**
 * Notes what the other agency of a referral said. What anybody else says of it is refused by the decider, so the event is
 * quarantined and shown: somebody spoke for another agency. A contradiction is shown the same way.
 */
export function whenReferralHeardThenNoteIt(context: NodeContext, type: (typeof NOTED_TYPES)[number]): Policy {
  const name = `when-${kebab(type)}-then-note-it`;
  return {
    name,
    on: type,
    async react(event, transaction) {
      const { referralId } = event.payload.data as unknown as { readonly referralId: string };
      const { state } = await context.handler.load(referralProcedure, referralId, transaction);
      if (state?.side !== HEARD_BY[type]) return;
      requireSameCase(event, state);
      const heard = commandHeard(event.payload as unknown as HeardEvent, event.source);
      await react(context, name, { event, transaction }, referralProcedure, referralId, heard);
    },
  };
}
