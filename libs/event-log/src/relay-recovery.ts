import { type Clock, isHybridTime } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { BrokenSealError } from '@acogida/sealing';
import { type Comparison, unknownClaims } from './relay-comparison.ts';
import { loadPlace, type RelayPlace } from './relay-cursor.ts';
import type { InboxSealing } from './inbox-port.ts';
import { openEnvelope, prepareFor } from './inbox-sealing.ts';
import type { VerifiedRecord } from './inbox-verification.ts';
import type { OwnTopic } from './relay-own-topic.ts';
import { OwnTopicError, type RelayRecoveryOptions, type Signers, type TurningPoints } from './relay-port.ts';
import { beginIncarnation } from './relay-incarnation.ts';
import { beginRecovery, type OpenedEvent, takeIn } from './relay-recovery-storage.ts';
import type { RelayStore } from './relay-store.ts';

/** What recovering needs of its relay. */
export interface RecoveringRelay {
  readonly agencyId: string;
  readonly store: RelayStore;
  readonly term: number;
  readonly signer: Signers;
  readonly ownTopic: OwnTopic;
  readonly clock: Clock;
  readonly recovery: RelayRecoveryOptions;
  readonly turningPoints?: TurningPoints | undefined;
}

/**
 * Goes on from an older copy of the agency's store (architecture.md §3, point 6): takes the agency's own events back in from
 * its topic, page by page, then begins a new incarnation after them. Before it returns nothing else may be written. It may
 * be interrupted anywhere and begun again.
 *
 * @throws OwnTopicError the topic cannot be followed; RelayDeposedError; whatever log and database throw
 */
export async function recover(relay: RecoveringRelay, comparison: Comparison): Promise<void> {
  const recoveryId = await beginRecovery(relay.recovery.pool, relay.term, relay.clock.now());
  const tail = new TailReading(relay, recoveryId, comparison.place);
  let incarnation = comparison.place.incarnation;
  let headSequence = comparison.place.headSequence;
  for await (const { claims, heads } of relay.ownTopic.read(comparison.from, comparison.end)) {
    const verified = relay.ownTopic.verify(await unknownClaims(relay.store, claims, tail.lastNumber));
    incarnation = Math.max(
      incarnation,
      ...verified.flatMap(({ statement, isRevoked }) => (isRevoked === true ? [] : [statement.incarnation])),
      ...heads.map((head) => head.incarnation),
    );
    headSequence = Math.max(headSequence, ...heads.map(({ sequence }) => sequence));
    await tail.take(verified);
  }
  tail.assertComplete();
  await relay.turningPoints?.onSequenced(); // the new incarnation begins under the key that counts by now
  await inTransaction(relay.recovery.pool, (transaction) =>
    beginIncarnation(transaction, relay, { recoveryId, previousIncarnation: incarnation, headSequence }),
  );
}

/** Takes events in by number, whatever the order in which their copies stand on the topic. */
class TailReading {
  readonly #relay: RecoveringRelay;
  readonly #recoveryId: number;
  /** Read ahead of a number that is still missing. */
  readonly #waiting = new Map<number, VerifiedRecord>();
  #place: RelayPlace;

  constructor(relay: RecoveringRelay, recoveryId: number, place: RelayPlace) {
    this.#relay = relay;
    this.#recoveryId = recoveryId;
    this.#place = place;
  }

  get lastNumber(): number {
    return this.#place.lastNumber;
  }

  /** @throws OwnTopicError `DIFFERENT_BYTES`, `DIFFERENT_TREE` */
  async take(records: readonly VerifiedRecord[]): Promise<void> {
    for (const record of records) {
      const twin = this.#waiting.get(record.envelope.number);
      if (twin !== undefined && twin.leaf !== record.leaf) {
        throw new OwnTopicError('DIFFERENT_BYTES', record.envelope.number);
      }
      this.#waiting.set(record.envelope.number, record);
    }
    const next: VerifiedRecord[] = [];
    for (let number = this.lastNumber + 1; this.#waiting.has(number); number += 1) {
      next.push(this.#waiting.get(number) as VerifiedRecord);
      this.#waiting.delete(number);
    }
    if (next.length > 0) await this.#takeIn(next);
  }

  /** @throws OwnTopicError `INCOMPLETE` */
  assertComplete(): void {
    if (this.#waiting.size > 0) throw new OwnTopicError('INCOMPLETE', this.lastNumber + 1);
  }

  async #takeIn(records: readonly VerifiedRecord[]): Promise<void> {
    const { term, recovery } = this.#relay;
    let { frontier } = this.#place;
    for (const { envelope, leaf, statement } of records) {
      frontier = frontier.append([leaf]);
      const isEnd = envelope.number === statement.last;
      if (isEnd && (statement.treeSize !== frontier.size || statement.treeHead !== frontier.root())) {
        throw new OwnTopicError('DIFFERENT_TREE', envelope.number);
      }
    }
    await prepareFor(recovery.sealing, records);
    const events: OpenedEvent[] = [];
    for (const record of records) events.push(await openedEvent(record, recovery));
    await inTransaction(recovery.pool, async (transaction) => {
      const place = await loadPlace(transaction, term, 'FOR UPDATE');
      if (place.lastNumber !== this.lastNumber) throw new Error('the relay cursor moved during the recovery');
      await takeIn(transaction, this.#recoveryId, events, frontier.serialise());
    });
    const last = (records.at(-1) as VerifiedRecord).envelope.number;
    this.#place = { ...this.#place, lastNumber: last, frontier };
  }
}

/**
 * What the seal hides of an own event; only its envelope where the key is gone, and where it was said under a signing key that the
 * roots had ended: somebody else may have said it. Moves the hybrid clock.
 */
async function openedEvent(
  record: VerifiedRecord,
  { sealing, hybridClock }: RelayRecoveryOptions,
): Promise<OpenedEvent> {
  if (record.isRevoked === true) return { record, opened: null };
  const opened = placeIn(await textOf(record, sealing));
  if (opened !== null) hybridClock.observe(opened.clock);
  return { record, opened };
}

/** `null` for a key that was destroyed, or never came back with the copy, and for what was to another agency alone. */
async function textOf({ envelope }: VerifiedRecord, sealing: InboxSealing): Promise<string> {
  try {
    const opened = await openEnvelope(sealing, envelope);
    return opened.kind === 'sealed' ? 'null' : opened.text;
  } catch (error) {
    if (error instanceof BrokenSealError) return 'null'; // it is kept all the same
    throw error;
  }
}

function placeIn(text: string): OpenedEvent['opened'] {
  const payload = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
  const { type, stream, version, publishedHead, clock } = payload ?? {};
  const wellFormed =
    typeof type === 'string' &&
    typeof stream === 'string' &&
    typeof publishedHead === 'string' &&
    Number.isSafeInteger(version) &&
    isHybridTime(clock);
  return wellFormed ? { type, stream, version: version as number, publishedHead, clock } : null;
}
