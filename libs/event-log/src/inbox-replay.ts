import type { ContractPayload } from '@acogida/contracts';
import { leafHash } from '@acogida/ledger';
import type { Pool } from 'pg';
import { type Envelope, readVerifiedEnvelope } from './envelope.ts';
import { HEAD_HEADER } from './head-record.ts';
import type { ContractReader, InboxSealing } from './inbox-port.ts';
import { openEnvelope, prepareFor } from './inbox-sealing.ts';
import {
  type EventLog,
  type PositionedRecord,
  type Received,
  type ReceivedEvent,
  type ReplayPage,
  topicOf,
  type UnopenedEvent,
} from './port.ts';

/** What replaying an agency's events needs. */
export interface ReplayOptions {
  readonly pool: Pick<Pool, 'query'>;
  readonly log: Pick<EventLog, 'read'>;
  readonly sealing: InboxSealing;
  readonly reader: ContractReader;
}

/** The log does not hold (any more) what was received from it. */
export class LogShortError extends Error {
  override readonly name = 'LogShortError';

  constructor(source: string, number: number) {
    super(`the log of ${source} lacks number ${number}, which was received`);
  }
}

/** What was received under a number. */
interface Expected {
  /** `o` to be opened, `s` shown by its class, `-` not shown. */
  readonly showing: string;
  readonly clockAhead: boolean;
  readonly receivedAt: string;
}

/** An event that is shown again. */
interface Shown {
  readonly envelope: Envelope;
  readonly expected: Expected;
}

const LEAF_CHARACTERS = 64;
/** Leaf, showing, whether its clock was ahead, milliseconds since 1970 as 13 digits. */
const ENTRY_CHARACTERS = LEAF_CHARACTERS + 1 + 1 + 13;
const EXPECTED_PER_QUERY = 10_000;

/** One text per stretch of numbers: a row per event costs the reader more than hashing it. */
const EXPECTED = `
  SELECT string_agg(e.leaf_hash
                      || CASE WHEN e.state IN ('applied', 'unknown') THEN 'o'
                              WHEN e.state = 'sealed' THEN 's'
                              WHEN e.state = 'parked' AND k.reason = 'MISSING_KEY' THEN 's' ELSE '-' END
                      || CASE WHEN e.clock_ahead THEN 't' ELSE 'f' END
                      || lpad(floor(extract(epoch FROM e.received_at) * 1000)::bigint::text, 13, '0'),
                    '' ORDER BY e.number) AS entries
    FROM inbox.event e
    LEFT JOIN inbox.kept k ON e.state = 'parked' AND k.source = e.source AND k.number = e.number
   WHERE e.source = $1 AND e.number BETWEEN $2 AND $3`;

/** The events of one agency, from the log, in number order. */
export class ReplaySource {
  readonly #source: string;
  readonly #lastNumber: number;
  readonly #options: ReplayOptions;
  readonly #pages: AsyncIterator<readonly PositionedRecord[]>;
  /** Fetched while the page before is worked on. */
  #nextRecords: Promise<IteratorResult<readonly PositionedRecord[]>> | undefined;
  #number = 1;
  #expected = '';
  #expectedFrom = 1;
  /** Records that came before their turn. */
  readonly #early = new Map<string, PositionedRecord>();

  constructor(source: string, lastNumber: number, options: ReplayOptions) {
    this.#source = source;
    this.#lastNumber = lastNumber;
    this.#options = options;
    this.#pages = options.log.read(topicOf(source), 0n)[Symbol.asyncIterator]();
  }

  /** The next page with the time of its first event; null after the last. @throws LogShortError */
  async next(): Promise<{ readonly page: ReplayPage; readonly time: string } | null> {
    while (this.#number <= this.#lastNumber) {
      const fetched = await (this.#nextRecords ?? this.#fetch());
      if (fetched.done === true) throw new LogShortError(this.#source, this.#number);
      this.#nextRecords = this.#fetch();
      const page = await this.#pageOf(fetched.value);
      const time = page.opened[0]?.time ?? page.sealed[0]?.time;
      if (time !== undefined) return { page, time };
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#nextRecords?.catch(() => {});
    await this.#pages.return?.();
  }

  #fetch(): Promise<IteratorResult<readonly PositionedRecord[]>> {
    const fetched = this.#pages.next();
    fetched.catch(() => {}); // thrown where it is awaited
    return fetched;
  }

  async #pageOf(records: readonly PositionedRecord[]): Promise<ReplayPage> {
    const opened: (ReceivedEvent & Received)[] = [];
    const sealed: (UnopenedEvent & Received)[] = [];
    await this.#expect(records.length + this.#early.size);
    const shown: Shown[] = [];
    for (const arrived of records) {
      for (let record = this.#inTurn(arrived); record !== undefined; record = this.#earlyOne()) {
        const expected = this.#expectedAt(this.#number);
        this.#number += 1;
        if (expected.showing !== '-') shown.push({ envelope: readVerifiedEnvelope(record.value), expected });
      }
    }
    const toOpen = shown.filter(({ expected }) => expected.showing === 'o');
    await prepareFor(this.#options.sealing, toOpen);
    for (const one of shown) {
      const event = await this.#show(one);
      if ('payload' in event) opened.push(event);
      else sealed.push(event);
    }
    return { opened, sealed };
  }

  /** The record when it is the next number, whose bytes are known; duplicates, heads and what nobody stood for are passed over. */
  #inTurn(record: PositionedRecord): PositionedRecord | undefined {
    if (this.#number > this.#lastNumber || HEAD_HEADER in record.headers) return undefined;
    const leaf = leafHash(record.value);
    if (leaf === this.#leafAt(this.#number)) return record;
    if (this.#expected.includes(leaf, this.#offsetOf(this.#number))) this.#early.set(leaf, record);
    return undefined;
  }

  #earlyOne(): PositionedRecord | undefined {
    if (this.#early.size === 0 || this.#number > this.#lastNumber) return undefined;
    const leaf = this.#leafAt(this.#number);
    const record = this.#early.get(leaf);
    this.#early.delete(leaf);
    return record;
  }

  /** Sees to it that what was received under the next numbers is known here. */
  async #expect(count: number): Promise<void> {
    const last = Math.min(this.#lastNumber, this.#number + count - 1);
    if (this.#offsetOf(last + 1) <= this.#expected.length) return;
    const { rows } = await this.#options.pool.query<{ entries: string | null }>(EXPECTED, [
      this.#source,
      this.#number,
      Math.min(this.#lastNumber, this.#number + Math.max(count, EXPECTED_PER_QUERY) - 1),
    ]);
    this.#expected = rows[0]?.entries ?? '';
    this.#expectedFrom = this.#number;
  }

  #offsetOf(number: number): number {
    return (number - this.#expectedFrom) * ENTRY_CHARACTERS;
  }

  #leafAt(number: number): string {
    const start = this.#offsetOf(number);
    return this.#expected.slice(start, start + LEAF_CHARACTERS);
  }

  #expectedAt(number: number): Expected {
    const start = this.#offsetOf(number) + LEAF_CHARACTERS;
    return {
      showing: this.#expected.charAt(start),
      clockAhead: this.#expected.charAt(start + 1) === 't',
      receivedAt: new Date(Number(this.#expected.slice(start + 2, start + 15))).toISOString(),
    };
  }

  /** The same content gives the same view, whichever release received it: an event is opened if this release can. */
  async #show({ envelope, expected }: Shown): Promise<(ReceivedEvent & Received) | (UnopenedEvent & Received)> {
    const { id, source, class: clearClass, subject, number, time } = envelope;
    const { showing, clockAhead, receivedAt } = expected;
    const known = { id, source, class: clearClass, subject, number, time, receivedAt };
    const text = showing === 's' ? null : await this.#open(envelope);
    if (text === null) return { ...known, reason: 'sealed' };
    const payload = JSON.parse(text) as ContractPayload;
    const reading = this.#options.reader.read(payload, clearClass);
    return reading.status === 'ok'
      ? { ...known, payload: reading.payload, clockAhead }
      : { ...known, reason: 'unknown-type' };
  }

  /** Null when the key is gone since: what was opened once may have been erased. */
  async #open(envelope: Envelope): Promise<string | null> {
    const opened = await openEnvelope(this.#options.sealing, envelope);
    return opened.kind === 'sealed' ? null : opened.text;
  }
}
