import {
  lookAgain,
  type ReplyRow,
  releaseKeys,
  startBatch,
  storedReplyOf,
  type BatchStart,
  writeBatch,
} from './append-statements.ts';
import { IdempotencyConflictError, StreamConflictError } from './errors.ts';
import type { AppendRequest, AppendResult, InlineProjection, Transaction } from './port.ts';
import { type Preparation, prepareAppend, type PreparedAppend } from './prepare-append.ts';

/** What became of one request of a batch, provided that the transaction commits. */
export type AppendOutcome =
  | { readonly accepted: true; readonly result: AppendResult; readonly publishes: boolean }
  | { readonly accepted: false; readonly error: unknown };

/** What appending needs beside the transaction. */
export interface AppendContext extends Preparation {
  readonly inlineProjections: readonly InlineProjection[];
}

interface Candidate {
  readonly index: number;
  readonly request: AppendRequest;
  readonly prepared: PreparedAppend;
}

/**
 * Appends a batch of requests, each for another stream and under another idempotency key, in the transaction of the caller.
 * Each is accepted or refused on its own; a refused one leaves no row. Throws only what concerns the whole transaction
 * (the database, an inline projection): then nothing can be said of any of them.
 */
export async function appendBatch(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  context: AppendContext,
): Promise<readonly AppendOutcome[]> {
  const start = await startBatch(
    transaction,
    requests.map((request) => request.stream),
    requests.flatMap((request) => request.idempotency?.key ?? []),
    requests.reduce((count, request) => count + request.events.length, 0),
  );
  const outcomes = new Map<number, AppendOutcome>();
  const candidates: Candidate[] = [];
  let used = 0;
  requests.forEach((request, index) => {
    const positions = start.positions.slice(used, used + request.events.length);
    used += request.events.length;
    try {
      refuseKnownConflicts(request, start);
      const head = start.heads.get(request.stream);
      candidates.push({ index, request, prepared: prepareAppend(request, head, positions, context) });
    } catch (error) {
      outcomes.set(index, { accepted: false, error });
    }
  });
  const winners = await writeCandidates(transaction, candidates, outcomes);
  await preferKeptReplies(transaction, requests, outcomes);
  const events = winners.flatMap((winner) => winner.prepared.result.events);
  if (events.length > 0) {
    for (const projection of context.inlineProjections) await projection.apply(events, transaction);
  }
  return requests.map((_, index) => outcomes.get(index) ?? { accepted: false, error: new Error('no outcome') });
}

function refuseKnownConflicts(request: AppendRequest, start: BatchStart): void {
  const kept = request.idempotency && start.replies.get(request.idempotency.key);
  if (kept !== undefined) throw new IdempotencyConflictError(kept.fingerprint, storedReplyOf(kept));
  const actualVersion = start.heads.get(request.stream)?.version ?? 0;
  if (actualVersion !== request.expectedVersion) {
    throw new StreamConflictError(request.stream, request.expectedVersion, actualVersion);
  }
}

/** Writes the candidates and files the outcome of each; gives back those that won. */
async function writeCandidates(
  transaction: Transaction,
  candidates: readonly Candidate[],
  outcomes: Map<number, AppendOutcome>,
): Promise<readonly Candidate[]> {
  if (candidates.length === 0) return [];
  const { accepted, claimed } = await writeBatch(
    transaction,
    candidates.map((candidate) => candidate.prepared.row),
    candidates.flatMap((candidate) => candidate.prepared.events),
    candidates.flatMap((candidate) => candidate.prepared.outbox),
  );
  const hasKey = ({ request }: Candidate): boolean =>
    request.idempotency !== undefined && claimed.has(request.idempotency.key);
  const winners = candidates.filter((candidate) =>
    candidate.request.events.length === 0 ? hasKey(candidate) : accepted.has(candidate.request.stream),
  );
  for (const { index, prepared } of winners) {
    outcomes.set(index, { accepted: true, result: prepared.result, publishes: prepared.outbox.length > 0 });
  }
  const losers = candidates.filter((candidate) => !outcomes.has(candidate.index));
  if (losers.length === 0) return winners;
  // Somebody outside this batch created the stream or took the key between the two statements.
  const orphans = losers.filter(hasKey).flatMap(({ request }) => request.idempotency?.key ?? []);
  if (orphans.length > 0) await releaseKeys(transaction, orphans);
  const streams = losers.map(({ request }) => request.stream);
  const { versions } = await lookAgain(transaction, streams, []);
  for (const { index, request } of losers) {
    const actualVersion = versions.get(request.stream) ?? 0;
    const error = new StreamConflictError(request.stream, request.expectedVersion, actualVersion);
    outcomes.set(index, { accepted: false, error });
  }
  return winners;
}

/** A request that lost its stream to its own twin is answered with the twin's reply, not with a conflict. */
async function preferKeptReplies(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  outcomes: Map<number, AppendOutcome>,
): Promise<void> {
  const conflicts = requests.flatMap((request, index) => {
    const outcome = outcomes.get(index);
    const lost = outcome?.accepted === false && outcome.error instanceof StreamConflictError;
    return lost && request.idempotency !== undefined ? [{ index, key: request.idempotency.key }] : [];
  });
  if (conflicts.length === 0) return;
  const { replies } = await lookAgain(
    transaction,
    [],
    conflicts.map(({ key }) => key),
  );
  for (const { index, key } of conflicts) {
    const kept: ReplyRow | undefined = replies.get(key);
    if (kept === undefined) continue;
    const error = new IdempotencyConflictError(kept.fingerprint, storedReplyOf(kept));
    outcomes.set(index, { accepted: false, error });
  }
}
