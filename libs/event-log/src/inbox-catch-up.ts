import { HEAD_HEADER } from './head-record.ts';
import type { Inbox } from './inbox.ts';
import { GapError } from './inbox-port.ts';
import type { InboxStore } from './inbox-store.ts';
import { agencyOfTopic, type EventLog, type LogRecord } from './port.ts';

/** What catching up needs. */
export interface CatchUpOptions {
  readonly store: Pick<InboxStore, 'missingNumber'>;
  readonly log: Pick<EventLog, 'read'>;
  readonly inbox: Pick<Inbox, 'receive'>;
}

/** How far a topic was read for a number that is missing. */
interface Search {
  readonly expected: number;
  readonly position: bigint;
}

/**
 * Hands deliveries to the inbox and fetches what is missing before them. A log never delivers again by itself what is before
 * the group's position, which a restored older copy of the database does not know of, nor what was published again further
 * on than the page that it is stuck at.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  /** What was read in vain is not read once more. */
  readonly #searches = new Map<string, Search>();

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** As `Inbox.receive`. @throws what that throws, and what the log throws when it is read */
  async receive(topic: string, records: readonly LogRecord[]): Promise<void> {
    const { inbox } = this.#options;
    try {
      await inbox.receive(topic, records);
    } catch (error) {
      if (!(error instanceof GapError)) throw error;
      await this.#search(topic, error.expected);
      await inbox.receive(topic, records);
      return;
    }
    const missing = records.some(({ headers }) => HEAD_HEADER in headers) ? await this.#missing(topic) : null;
    if (missing !== null) await this.#search(topic, missing);
  }

  /** The next number where a signed head told of more than was received: no event may come that shows the gap. */
  async #missing(topic: string): Promise<number | null> {
    const source = agencyOfTopic(topic);
    return source === undefined ? null : this.#options.store.missingNumber(source);
  }

  /** Receives the topic from where the number may stand: as many records as numbers come before it, or more. */
  async #search(topic: string, expected: number): Promise<void> {
    const before = this.#searches.get(topic);
    let position = before?.expected === expected ? before.position : BigInt(expected - 1);
    for await (const page of this.#options.log.read(topic, position)) {
      try {
        await this.#options.inbox.receive(topic, page);
      } catch (error) {
        if (!(error instanceof GapError)) throw error; // it may stand further on
      }
      position = (page.at(-1)?.position ?? position - 1n) + 1n;
      this.#searches.set(topic, { expected, position });
    }
  }
}
