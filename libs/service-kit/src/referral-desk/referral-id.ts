import { nameBasedId } from '../name-based-id.ts';

/** Namespace of referral ids. */
const NAMESPACE = '8f0d6c3e-2b7a-5e41-9c64-d1a0f3b29e75';

/** What makes two requests the same question: one such may wait for an answer at a time (architecture.md §6). */
export interface ReferralQuestion {
  readonly sender: string;
  readonly receiver: string;
  readonly service: string;
  readonly caseId: string;
}

/**
 * The id of the `ordinal`-th referral of a question. Asking twice at once therefore meets in one stream, where the decider
 * sees the first request: the rule "one pending request per case, receiver and service" needs neither a lock nor an index,
 * and a rebuild of the read model cannot break on it. Without the (random) case id it says nothing.
 *
 * @param ordinal how many referrals of this question were answered before
 */
export function referralIdOf(question: ReferralQuestion, ordinal: number): string {
  const { sender, receiver, service, caseId } = question;
  return nameBasedId(NAMESPACE, [sender, receiver, service, caseId.toLowerCase(), ordinal]);
}
