import type { Referral } from '../referral.ts';

/**
 * The agencies that hear of a withdrawal from this one alone: those it shares the case with by a referral, whatever allowed that,
 * since each may have recorded consents of its own. Of one consent only those of a referral under it: it goes down from who sent
 * to who received, and up unless it comes from above. Each agency takes a withdrawal in once and passes it on then, so that this
 * ends.
 *
 * @param referrals of the case at this agency
 * @param consentId null: every consent of the case
 * @param from who said it to this agency; null where it is lodged here
 */
export function passedOnTo(
  referrals: readonly Referral[],
  { consentId, from }: { readonly consentId: string | null; readonly from: string | null },
): readonly string[] {
  const concerned = referrals.filter(
    ({ times, requestStatus, request: { consent } }) =>
      times.requestedAt !== null &&
      requestStatus !== 'ENTERED_IN_ERROR' &&
      (consentId === null || consent.consentId === consentId),
  );
  const receivers = concerned.flatMap(({ side, request }) => (side === 'SENDER' ? [request.receiver] : []));
  const senders = concerned.flatMap(({ side, request }) => (side === 'RECEIVER' ? [request.sender] : []));
  const isForSenders = consentId === null || from === null || !senders.includes(from);
  const all = new Set([...receivers, ...(isForSenders ? senders : [])]);
  return [...all].filter((agency) => agency !== from).sort();
}
