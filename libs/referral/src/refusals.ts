import { DomainError, type DomainErrorKind } from '@acogida/core';
import { MERGE_TABLE, type Merge, TAKEN_ON } from './merge-table.ts';
import type { Referral, ReferralState, Side } from './referral.ts';

/** A refusal of the protocol. Messages never carry what was said. */
export function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(code, kind, message);
}

/** The state of the referral stands against it. */
export function notNow(code: string): DomainError {
  return refusal(code, 'the state of the referral does not allow it');
}

/** @throws DomainError REFERRAL.UNKNOWN */
export function existing(state: ReferralState): Referral {
  if (state === null) throw refusal('REFERRAL.UNKNOWN', 'there is no such referral here', 'not-found');
  return state;
}

/** Only the sender asks, only the receiver answers: nobody speaks for another agency, and each side has its own stream. */
export function requireActor(referral: Referral, by: string, side: Side, actor: Side): void {
  const agency = actor === 'SENDER' ? referral.request.sender : referral.request.receiver;
  if (agency === by && referral.side === side) return;
  const message = actor === 'SENDER' ? 'only the sender itself asks' : 'only the receiver answers a referral';
  throw refusal(`REFERRAL.NOT_THE_${actor}`, message, 'forbidden');
}

/** What the pair of statuses means. */
export function mergeOf({ requestStatus, fulfilment }: Referral): Merge {
  return MERGE_TABLE[requestStatus][fulfilment];
}

/** Whether the receiver has the person. */
export function isTakenOn({ fulfilment }: Referral): boolean {
  return (TAKEN_ON as readonly string[]).includes(fulfilment);
}

/** Whether the sender took it back, or closed it, so that what a receiver began for it is to be ended. */
export function isTakenBack({ requestStatus }: Referral): boolean {
  return requestStatus === 'CANCELLED' || requestStatus === 'ENTERED_IN_ERROR' || requestStatus === 'LOOP_CLOSED';
}

/** Deep equality of coded values. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSameValue((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
}
