import type { ClearanceAnswer } from '@acogida/safeguards';
import type { ChannelAnswer } from '../agency-channel/port.ts';
import { clearanceReplyOf } from '../safeguards/clearance-wire.ts';

/** What an authority's answer comes to. Whatever is not exactly an answer to this request is none: it cannot be verified. */
export function clearanceAnswerOf(clearanceId: string, answer: ChannelAnswer): ClearanceAnswer {
  if (answer.outcome !== 'ANSWERED') return { clearanceId, outcome: answer.outcome };
  const reply = clearanceReplyOf(answer.body, clearanceId);
  if (reply === null) return { clearanceId, outcome: 'UNVERIFIABLE' };
  return reply.isGranted
    ? { clearanceId, outcome: 'GRANTED', leaseMs: reply.leaseMs }
    : { clearanceId, outcome: 'REFUSED', reasons: reply.reasons };
}
