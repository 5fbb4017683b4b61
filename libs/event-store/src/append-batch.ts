import {
  keptReplyOf,
  type NewEventRow,
  type NewOutboxRow,
  type ReplyRow,
  type RequestRow,
  type StreamHead,
} from './append-rows.ts';
import {
  type BatchStart,
  findReplies,
  releaseKeys,
  startBatch,
  versionsOf,
  writeBatch,
  writeKnownBatch,
} from './append-statements.ts';
import { IdempotencyConflictError, StreamConflictError } from './errors.ts';
import type {
  AppendRequest,
  AppendResult,
  InlineProjection,
  ReadModelWriter,
  RecordedEvent,
  StreamState,
  Transaction,
} from './port.ts';
import { type Preparation, prepareAppend, type PreparedAppend } from './prepare-append.ts';
import type { AppendSealing, Reveal, StoreSealing } from './store-sealing.ts';

/** What became of one request of a batch, provided that the transaction commits. */
export type AppendOutcome =
  | {
      readonly accepted: true;
      readonly result: AppendResult;
      readonly publishes: boolean;
      /** Where the stream stands then; null when no event was written. */
      readonly head: StreamHead | null;
    }
  | { readonly accepted: false; readonly error: unknown };

/** What was known of the streams of a batch does not hold any more; the transaction must not be committed. */
export class KnownHeadsMovedError extends Error {
  override readonly name = 'KnownHeadsMovedError';
}

/** What appending needs beside the transaction. */
export interface AppendContext extends Preparation {
  readonly inlineProjections: readonly InlineProjection[];
  readonly texts: AppendSealing;
  /** Opens replies that were kept before. */
  readonly sealing: Pick<StoreSealing, 'reveal' | 'knows' | 'look'>;
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
 *
 * @param readModels where the statements of inline projections go: the same transaction, at once or with its commit
 */
export async function appendBatch(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  context: AppendContext,
  readModels: ReadModelWriter,
): Promise<readonly AppendOutcome[]> {
  const start = await startBatch(
    transaction,
    requests.map((request) => request.stream),
    requests.flatMap((request) => request.idempotency?.key ?? []),
  );
  const reveal = await revealOf(start.replies, context.sealing, transaction);
  const outcomes = new Map<number, AppendOutcome>();
  const candidates: Candidate[] = [];
  requests.forEach((request, index) => {
    try {
      refuseKnownConflicts(request, start, reveal);
      const prepared = prepareAppend(request, start.heads.get(request.stream), context);
      candidates.push({ index, request, prepared });
    } catch (error) {
      outcomes.set(index, { accepted: false, error });
    }
  });
  const events = await writeCandidates(transaction, candidates, outcomes);
  await preferKeptReplies(transaction, requests, outcomes, context);
  await keepKeys(outcomes, readModels, context);
  await project(events, statesOf(requests, outcomes), readModels, context);
  return outcomesInOrder(requests, outcomes);
}

/**
 * The same in one statement, for requests whose heads are known from earlier. A request that cannot be written at all is
 * refused on its own here as well.
 *
 * @throws KnownHeadsMovedError a head or a key turned out to be taken: roll back, and use `appendBatch`
 */
export async function appendKnownBatch(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  heads: ReadonlyMap<string, StreamHead>,
  context: AppendContext,
  readModels: ReadModelWriter,
): Promise<readonly AppendOutcome[]> {
  const outcomes = new Map<number, AppendOutcome>();
  const candidates: Candidate[] = [];
  requests.forEach((request, index) => {
    try {
      candidates.push({ index, request, prepared: prepareAppend(request, heads.get(request.stream), context) });
    } catch (error) {
      outcomes.set(index, { accepted: false, error });
    }
  });
  if (candidates.length > 0) {
    const positions = await writeKnownBatch(transaction, ...rowsOf(candidates));
    if (positions === undefined) throw new KnownHeadsMovedError();
    const events = acceptAll(candidates, positions, outcomes);
    await keepKeys(outcomes, readModels, context);
    await project(events, statesOf(requests, outcomes), readModels, context);
  }
  return outcomesInOrder(requests, outcomes);
}

function outcomesInOrder(
  requests: readonly AppendRequest[],
  outcomes: ReadonlyMap<number, AppendOutcome>,
): readonly AppendOutcome[] {
  return requests.map((_, index) => outcomes.get(index) ?? { accepted: false, error: new Error('no outcome') });
}

function rowsOf(candidates: readonly Candidate[]): readonly [RequestRow[], NewEventRow[], NewOutboxRow[]] {
  return [
    candidates.map((candidate) => candidate.prepared.row),
    candidates.flatMap((candidate) => candidate.prepared.events),
    candidates.flatMap((candidate) => candidate.prepared.outbox),
  ];
}

/** Files the outcome of requests that were written, and gives back all their events with their positions. */
function acceptAll(
  winners: readonly Candidate[],
  positions: readonly string[],
  outcomes: Map<number, AppendOutcome>,
): readonly RecordedEvent[] {
  let used = 0;
  return winners.flatMap(({ index, prepared: { row, recorded, outbox } }) => {
    const events = recorded.map((event): RecordedEvent => ({ position: positions[used++] as string, ...event }));
    const head = events.length === 0 ? null : headOf(row);
    const result = { version: row.version, events };
    outcomes.set(index, { accepted: true, result, publishes: outbox.length > 0, head });
    return events;
  });
}

function headOf(row: RequestRow): StreamHead {
  return {
    name: row.stream,
    version: row.version,
    private_head: row.privateHead,
    published_version: row.publishedVersion,
    published_head: row.publishedHead,
  };
}

function statesOf(
  requests: readonly AppendRequest[],
  outcomes: ReadonlyMap<number, AppendOutcome>,
): readonly StreamState[] {
  return requests.flatMap(({ stream, state }, index) => {
    const outcome = outcomes.get(index);
    if (state === undefined || outcome?.accepted !== true || outcome.head === null) return [];
    return [{ stream, version: outcome.head.version, state }];
  });
}

/** A request that was refused left no text, so no key is kept for it alone. */
async function keepKeys(
  outcomes: ReadonlyMap<number, AppendOutcome>,
  readModels: ReadModelWriter,
  { texts }: AppendContext,
): Promise<void> {
  if ([...outcomes.values()].some(({ accepted }) => accepted)) await texts.keepKeys(readModels);
}

async function revealOf(
  replies: ReadonlyMap<string, ReplyRow>,
  sealing: AppendContext['sealing'],
  transaction: Transaction,
): Promise<Reveal> {
  const unknown = [...replies.values()].flatMap(({ sealed_by: sealedBy }) =>
    sealedBy === null || sealing.knows(sealedBy) ? [] : [sealedBy],
  );
  return unknown.length === 0 ? sealing.reveal : sealing.look(unknown, transaction);
}

async function project(
  events: readonly RecordedEvent[],
  states: readonly StreamState[],
  readModels: ReadModelWriter,
  context: AppendContext,
): Promise<void> {
  if (events.length === 0) return;
  for (const projection of context.inlineProjections) {
    await projection.apply(events, readModels);
    if (states.length > 0) await projection.applyStates?.(states, readModels);
  }
}

function refuseKnownConflicts(request: AppendRequest, start: BatchStart, reveal: Reveal): void {
  const kept = request.idempotency && start.replies.get(request.idempotency.key);
  if (kept !== undefined) throw replayOf(kept, reveal);
  const actualVersion = start.heads.get(request.stream)?.version ?? 0;
  if (actualVersion !== request.expectedVersion) {
    throw new StreamConflictError(request.stream, request.expectedVersion, actualVersion);
  }
}

/** The refusal that carries a kept reply; that the case was erased, where nobody can read it any more. */
function replayOf(kept: ReplyRow, reveal: Reveal): unknown {
  try {
    const { fingerprint, reply } = keptReplyOf(kept, reveal);
    return new IdempotencyConflictError(fingerprint, reply);
  } catch (error) {
    return error;
  }
}

/** Writes the candidates and files the outcome of each; gives back the events of those that won. */
async function writeCandidates(
  transaction: Transaction,
  candidates: readonly Candidate[],
  outcomes: Map<number, AppendOutcome>,
): Promise<readonly RecordedEvent[]> {
  if (candidates.length === 0) return [];
  const { accepted, claimed, positions } = await writeBatch(transaction, ...rowsOf(candidates));
  const hasKey = ({ request }: Candidate): boolean =>
    request.idempotency !== undefined && claimed.has(request.idempotency.key);
  const winners = candidates.filter((candidate) =>
    candidate.request.events.length === 0 ? hasKey(candidate) : accepted.has(candidate.request.stream),
  );
  const events = acceptAll(winners, positions, outcomes);
  const losers = candidates.filter((candidate) => !outcomes.has(candidate.index));
  if (losers.length === 0) return events;
  // Somebody outside this batch created the stream or took the key between the two statements.
  const orphans = losers.filter(hasKey).flatMap(({ request }) => request.idempotency?.key ?? []);
  if (orphans.length > 0) await releaseKeys(transaction, orphans);
  const streams = losers.map(({ request }) => request.stream);
  const versions = await versionsOf(transaction, streams);
  for (const { index, request } of losers) {
    const actualVersion = versions.get(request.stream) ?? 0;
    const error = new StreamConflictError(request.stream, request.expectedVersion, actualVersion);
    outcomes.set(index, { accepted: false, error });
  }
  return events;
}

/** A request that lost its stream to its own twin is answered with the twin's reply, not with a conflict. */
async function preferKeptReplies(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  outcomes: Map<number, AppendOutcome>,
  { sealing }: AppendContext,
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
