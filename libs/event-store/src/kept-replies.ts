import type { Outcomes } from './append-outcomes.ts';
import { keptReplyOf, type ReplyRow } from './append-rows.ts';
import { findReplies } from './append-statements.ts';
import { IdempotencyConflictError, StreamConflictError } from './errors.ts';
import type { AppendRequest, Transaction } from './port.ts';
import type { Reveal, StoreSealing } from './store-sealing.ts';

/** Opens replies that were kept before. */
export type ReplySealing = Pick<StoreSealing, 'reveal' | 'knows' | 'look'>;

/** What opens these replies, keys that are not in memory included. */
export async function revealOf(
  replies: ReadonlyMap<string, ReplyRow>,
  sealing: ReplySealing,
  transaction: Transaction,
): Promise<Reveal> {
  const unknown = [...replies.values()].flatMap(({ sealed_by: sealedBy }) =>
    sealedBy === null || sealing.knows(sealedBy) ? [] : [sealedBy],
  );
  return unknown.length === 0 ? sealing.reveal : sealing.look(unknown, transaction);
}

/** The refusal that carries a kept reply; that the case was erased, where nobody can read it any more. */
export function replayOf(kept: ReplyRow, reveal: Reveal): unknown {
  try {
    const { fingerprint, reply } = keptReplyOf(kept, reveal);
    return new IdempotencyConflictError(fingerprint, reply);
  } catch (error) {
    return error;
  }
}

/** A request that lost its stream to its own twin is answered with the twin's reply, not with a conflict. */
export async function preferKeptReplies(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  outcomes: Outcomes,
  sealing: ReplySealing,
): Promise<void> {
  const conflicts = requests.flatMap((request, index) => {
    const outcome = outcomes.get(index);
    const lost = outcome?.accepted === false && outcome.error instanceof StreamConflictError;
    return lost && request.idempotency !== undefined ? [{ index, key: request.idempotency.key }] : [];
  });
  if (conflicts.length === 0) return;
  const replies = await findReplies(
    transaction,
    conflicts.map(({ key }) => key),
  );
  const reveal = await revealOf(replies, sealing, transaction);
  for (const { index, key } of conflicts) {
    const kept = replies.get(key);
    if (kept !== undefined) outcomes.set(index, { accepted: false, error: replayOf(kept, reveal) });
  }
}
