import type { Deadline } from '../deadlines/port.ts';
import { answersOwed, type ErasureState, receiptsOwed } from './erasure.ts';

/** What an erasure waits for at this agency. */
export type ErasureDeadline =
  | 'END_LEGAL_HOLD'
  | 'ANSWER_WITHDRAWALS'
  | 'ERASE_CASE'
  | 'RETIRE_OFFER_KEYS'
  | 'DESTROY_OFFER_KEYS'
  | 'RENEW_MASTER_KEY'
  | 'GIVE_RECEIPT';

/** What stands open in a state. */
export function erasureDeadlines(state: ErasureState): readonly Deadline<ErasureDeadline>[] {
  const { attemptAt, legalHold, holdEndedAt, local, offerKeys, areOfferKeysGone, unrenewedSince } = state;
  const [receiptDueAt] = [
    ...receiptsOwed(state).flatMap(({ receiptDueAt: at }) => at ?? []),
    ...answersOwed(state).flatMap(({ answerDueAt: at }) => at ?? []),
  ].sort();
  const open: readonly (Deadline<ErasureDeadline> | null)[] = [
    local !== null || legalHold === null ? null : { kind: 'END_LEGAL_HOLD', dueAt: legalHold.until },
    local !== null || holdEndedAt === null ? null : { kind: 'ANSWER_WITHDRAWALS', dueAt: holdEndedAt },
    attemptAt === null ? null : { kind: 'ERASE_CASE', dueAt: attemptAt },
    local === null || offerKeys !== null ? null : { kind: 'RETIRE_OFFER_KEYS', dueAt: local.erasedAt },
    offerKeys === null || areOfferKeysGone ? null : { kind: 'DESTROY_OFFER_KEYS', dueAt: offerKeys.destroyAt },
    unrenewedSince === null ? null : { kind: 'RENEW_MASTER_KEY', dueAt: unrenewedSince },
    receiptDueAt === undefined ? null : { kind: 'GIVE_RECEIPT', dueAt: receiptDueAt },
  ];
  return open.flatMap((deadline) => deadline ?? []);
}
