import { createHash } from 'node:crypto';

/** Namespace of referral ids (RFC 9562, version 5). */
const NAMESPACE = Buffer.from('8f0d6c3e2b7a5e419c64d1a0f3b29e75', 'hex');

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
  const hash = createHash('sha1')
    .update(NAMESPACE)
    .update(JSON.stringify([sender, receiver, service, caseId, ordinal]));
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
