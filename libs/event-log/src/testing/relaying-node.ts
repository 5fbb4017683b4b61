import { eventStoreMigrations, HybridClockSource } from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import { copyTestDatabase, createTestDatabase, type TestDatabase } from '@acogida/testing';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { parseEnvelope } from '../envelope.ts';
import { parseHeadRecord } from '../head-record.ts';
import { MemoryEventLog, MemoryLogStore } from '../memory-log.ts';
import { readingOf } from '../inbox-sealing.ts';
import { eventLogMigrations } from '../migrations.ts';
import { type LogRecord, topicOf } from '../port.ts';
import { PostgresRelayStore } from '../postgres-relay-store.ts';
import { Relay } from '../relay.ts';
import type { RelayOptions } from '../relay-port.ts';

/** The agency of the relay specs. */
export const AGENCY = 'cr-border-intake';
/** Its topic. */
export const TOPIC = topicOf(AGENCY);
/** Its signing keys. */
export const SIGNING_KEYS = generateKeyPairSync('ed25519');
/** The seal of the relay specs. */
export const SPEC_SEALER = new DevelopmentSealer(Buffer.alloc(32, 7));
/** A seal under a key that a restored copy does not have. */
export const LOST_SEALER = new DevelopmentSealer(Buffer.alloc(32, 9));
/** The clock of the relay specs stands still. */
export const SPEC_CLOCK = { now: () => '2026-11-22T09:00:00.000Z' };

/** What every event of the relay specs says. */
const READABLE = {
  ...{ type: 'CaseOpened', schemaVersion: 1, caseId: null, data: {}, correlationId: 'correlation', causation: null },
  ...{ occurredAt: SPEC_CLOCK.now(), recordedAt: SPEC_CLOCK.now(), privateHead: '' },
};

/** The number that an event's record carries. */
export const numberOf = (record: LogRecord): number => parseEnvelope(record.value).number;

/** What a relay needs of its node: a database, and a log in memory that outlives it. */
export class RelayingNode {
  readonly database: TestDatabase;
  store = new MemoryLogStore();
  log = new MemoryEventLog(this.store);

  constructor(database: TestDatabase) {
    this.database = database;
  }

  /** A node with an empty database. */
  static async create(): Promise<RelayingNode> {
    return new RelayingNode(await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations]));
  }

  /** A cold copy of the database as it stands, beside the same log. */
  async copy(): Promise<RelayingNode> {
    const copy = new RelayingNode(await copyTestDatabase(this.database));
    await copy.useLog(this.store);
    return copy;
  }

  /** Empties database and log. */
  async reset(): Promise<void> {
    await this.useLog(new MemoryLogStore());
    await this.database.pool.query(
      `TRUNCATE es.outbox, es.stream, relay.batch, relay.published, relay.recovery, relay.recovered, relay.attestation;
       UPDATE relay.cursor SET term = 0, incarnation = 1, last_number = 0, frontier = '0', published_through = 0,
                               compared_through = 0, compared_position = 0, head_sequence = 0`,
    );
  }

  /** Goes on with another log, whose topic is made if it is missing. */
  async useLog(store: MemoryLogStore): Promise<void> {
    this.store = store;
    this.log = new MemoryEventLog(store);
    await this.log.ensureTopic(TOPIC);
  }

  relayOf(changes: Partial<RelayOptions> = {}): Relay {
    const signer = { keyId: 'signing-1', privateKey: SIGNING_KEYS.privateKey };
    return new Relay({
      agencyId: AGENCY,
      store: new PostgresRelayStore(this.database.pool),
      log: this.log,
      signer,
      ...changes,
    });
  }

  /** Options of a relay that knows how to recover. */
  recovering(changes: Partial<RelayOptions['recovery']> = {}): Pick<RelayOptions, 'clock' | 'recovery'> {
    return {
      clock: SPEC_CLOCK,
      recovery: {
        pool: this.database.pool,
        ownKeys: [{ keyId: 'signing-1', publicKey: SIGNING_KEYS.publicKey, fromNumber: 1 }],
        sealing: readingOf(SPEC_SEALER),
        hybridClock: new HybridClockSource(SPEC_CLOCK),
        ids: { uuid: () => randomUUID() },
        ...changes,
      },
    };
  }

  /** Commits sealed events of one stream as the event store does; returns the event ids. */
  async commit(count: number, stream: string = randomUUID(), sealer = SPEC_SEALER): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) {
      const { rows } = await this.database.pool.query<{ version: number }>(
        `INSERT INTO es.stream (name, version, private_head, published_version, published_head) VALUES ($1, 1, '', 1, 'head-1')
         ON CONFLICT (name) DO UPDATE SET version = es.stream.version + 1, published_version = es.stream.published_version + 1,
                                          published_head = 'head-' || es.stream.published_version + 1
         RETURNING published_version AS version`,
        [stream],
      );
      const version = rows[0]?.version ?? 0;
      const clock = '1795338000000-000000';
      const chained = { stream, version, publishedHead: `head-${version}`, clock };
      const text = JSON.stringify({ ...READABLE, ...chained });
      const sealed = sealer.seal({ id, source: AGENCY, class: 'case', caseId: stream, text });
      await this.database.pool.query(
        `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
         VALUES ($1, $2, $3, 'case', $4, $5, $6, $7, $8)`,
        [id, stream, version, sealed.subject, sealed.keyId, sealed.data, SPEC_CLOCK.now(), clock],
      );
    }
    return ids;
  }

  /** Commits many unsealed events of one stream at once. */
  async commitMany(count: number): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, "time", clock)
       SELECT gen_random_uuid(), 'agency-a', n, 'directory', 'directory', '{}', $2, '' FROM generate_series(1, $1::integer) AS n`,
      [count, SPEC_CLOCK.now()],
    );
  }

  /** Takes over, numbers and publishes everything, and is gone. */
  async publishAll(changes: Partial<RelayOptions> = {}): Promise<void> {
    const relay = this.relayOf(changes);
    await relay.takeOver();
    await relay.sequence();
    await relay.publish();
  }

  /** All records of the topic. */
  async records(): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const page of this.log.read(TOPIC, 0n)) records.push(...page);
    return records;
  }

  /** The events of the topic, without the heads. */
  async published(): Promise<LogRecord[]> {
    return (await this.records()).filter((record) => parseHeadRecord(record) === null);
  }

  /** The numbers on the topic, in its order. */
  async numbers(): Promise<number[]> {
    return (await this.published()).map(numberOf);
  }
}
