import {
  BatchOutdatedError,
  guardedElsewhere,
  guardsOf,
  guardsToLock,
  movedGuards,
  refuseMovedGuards,
  sealingGuardsOf,
} from './append-guards.ts';
import { type AppendOutcome, type Bond, type Outcomes, outcomesInOrder, refuseBonds } from './append-outcomes.ts';
import { type NewEventRow, type NewOutboxRow, type RequestRow, type StreamHead } from './append-rows.ts';
import {
  type BatchStart,
  releaseKeys,
  startBatch,
  versionsOf,
  writeBatch,
  writeKnownBatch,
} from './append-statements.ts';
import { GuardMovedError, StreamConflictError } from './errors.ts';
import type {
  AppendRequest,
  InlineProjection,
  ReadModelWriter,
  RecordedEvent,
  StreamGuard,
  StreamState,
  Transaction,
} from './port.ts';
import { preferKeptReplies, replayOf, type ReplySealing, revealOf } from './kept-replies.ts';
import { type Preparation, prepareAppend, type PreparedAppend } from './prepare-append.ts';
import type { AppendSealing, Reveal } from './store-sealing.ts';
import { StreamMovedError } from './transient-error.ts';

/** What was known of the streams of a batch does not hold any more; the transaction must not be committed. */
export class KnownHeadsMovedError extends Error {
  override readonly name = 'KnownHeadsMovedError';
}

/** What appending needs beside the transaction. */
export interface AppendContext extends Preparation {
  readonly inlineProjections: readonly InlineProjection[];
  readonly texts: AppendSealing;
  /** Opens replies that were kept before. */
  readonly sealing: ReplySealing;
  /** Which requests are all written, or none. */
  readonly bonds: readonly Bond[];
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
 * @throws BatchOutdatedError roll back, and prepare it again
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
    guardedElsewhere(requests, context.texts),
  );
  const versionOf = (stream: string): number => start.heads.get(stream)?.version ?? start.guarded.get(stream) ?? 0;
  const reveal = await revealOf(start.replies, context.sealing, transaction);
  const outcomes: Outcomes = new Map();
  const candidates: Candidate[] = [];
  const outdated: StreamGuard[] = [];
  requests.forEach((request, index) => {
    try {
      refuseKnownConflicts(request, start, reveal);
      refuseMovedGuards(request, versionOf);
      outdated.push(...movedGuards(sealingGuardsOf(request, context.texts), versionOf));
      const prepared = prepareAppend(request, start.heads.get(request.stream), context);
      candidates.push({ index, request, prepared });
    } catch (error) {
      outcomes.set(index, { accepted: false, error });
    }
  });
  if (outdated.length > 0) throw new BatchOutdatedError(new GuardMovedError(outdated), outdated);
  refuseBonds(context.bonds, outcomes);
  const events = await writeCandidates(transaction, inWritingOrder(candidates, outcomes, context), outcomes, context);
  await preferKeptReplies(transaction, requests, outcomes, context.sealing);
  refuseBonds(context.bonds, outcomes);
  await keepKeys(outcomes, readModels, context);
  await project(events, statesOf(requests, outcomes), readModels, context);
  return outcomesInOrder(requests, outcomes);
}

/**
 * The same in one statement, for requests whose heads are known from earlier. A request that cannot be written at all is
 * refused on its own here as well.
 *
 * @throws KnownHeadsMovedError a head or a key turned out to be taken, or a guard moved: roll back, and use `appendBatch`
 */
export async function appendKnownBatch(
  transaction: Transaction,
  requests: readonly AppendRequest[],
  heads: ReadonlyMap<string, StreamHead>,
  context: AppendContext,
  readModels: ReadModelWriter,
): Promise<readonly AppendOutcome[]> {
  const outcomes: Outcomes = new Map();
  const prepared: Candidate[] = [];
  requests.forEach((request, index) => {
    try {
      prepared.push({ index, request, prepared: prepareAppend(request, heads.get(request.stream), context) });
    } catch (error) {
      outcomes.set(index, { accepted: false, error });
    }
  });
  refuseBonds(context.bonds, outcomes);
  const candidates = inWritingOrder(prepared, outcomes, context);
  if (candidates.length > 0) {
    const writing = candidates.map(({ request }) => request);
    const guards = guardsToLock(writing, context.texts, heads);
    if (guards === undefined) throw new KnownHeadsMovedError();
    const positions = await writeKnownBatch(transaction, ...rowsOf(candidates), guards);
    if (positions === undefined) throw new KnownHeadsMovedError();
    const events = acceptAll(candidates, positions, outcomes);
    await keepKeys(outcomes, readModels, context);
    await project(events, statesOf(requests, outcomes), readModels, context);
  }
  return outcomesInOrder(requests, outcomes);
}

/**
 * Those that are to be written. Whoever moves a stream that others in the batch are guarded by comes after them: what was sealed
 * before the keys of a case moved is published before that as well.
 */
function inWritingOrder(
  candidates: readonly Candidate[],
  outcomes: Outcomes,
  { texts, bonds }: AppendContext,
): readonly Candidate[] {
  const open = candidates.filter(({ index }) => !outcomes.has(index));
  const guardedBy = new Map<string, number[]>();
  for (const { index, request } of open) {
    for (const { stream } of guardsOf(request, texts)) guardedBy.set(stream, [...(guardedBy.get(stream) ?? []), index]);
  }
  const movesAnothers = ({ index, request }: Candidate): boolean =>
    guardedBy.get(request.stream)?.some((other) => other !== index && !isBond(bonds, other, index)) === true;
  if (!open.some(movesAnothers)) return open;
  return open.toSorted((one, other) => Number(movesAnothers(one)) - Number(movesAnothers(other)));
}

function isBond(bonds: readonly Bond[], one: number, other: number): boolean {
  return bonds.some((bond) => bond.includes(one) && bond.includes(other));
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
  outcomes: Outcomes,
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
    other_chains: row.otherChains,
  };
}

function statesOf(requests: readonly AppendRequest[], outcomes: Outcomes): readonly StreamState[] {
  return requests.flatMap(({ stream, state, events }, index) => {
    const outcome = outcomes.get(index);
    if (state === undefined || outcome?.accepted !== true || outcome.head === null) return [];
    const { version } = outcome.head;
    return [{ stream, version, isNew: version === events.length, state }];
  });
}

/** A request that was refused left no text, so no key is kept for it alone. */
async function keepKeys(outcomes: Outcomes, readModels: ReadModelWriter, { texts }: AppendContext): Promise<void> {
  if ([...outcomes.values()].some(({ accepted }) => accepted)) await texts.keepKeys(readModels);
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

/** Writes the candidates and files the outcome of each; gives back the events of those that won. */
async function writeCandidates(
  transaction: Transaction,
  candidates: readonly Candidate[],
  outcomes: Outcomes,
  { bonds }: AppendContext,
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
  const bound = losers.find(({ index }) => bonds.some((bond) => bond.includes(index)));
  if (bound !== undefined) throw new BatchOutdatedError(new StreamMovedError(bound.request.stream, undefined));
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
