import { eventStoreMigrations, HybridClockSource, type Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import { inboxCounts, type InboxCounts } from '../counts.ts';
import { Inbox } from '../inbox.ts';
import type { ContractReader, InboxAlarm, InboxOptions, TrustedKey } from '../inbox-port.ts';
import { eventLogMigrations } from '../migrations.ts';
import { topicOf } from '../port.ts';
import type { ContractProjection, LogRecord, Policy, ReceivedEvent } from '../port.ts';
import { PostgresInboxStore } from '../postgres-inbox-store.ts';
import { Quarantine } from '../quarantine.ts';
import { SimulatedAgency } from './simulated-agency.ts';
import { SpecSealing } from './spec-sealing.ts';

/** A reader that knows version 1 of every type but those named `Unknown…`. */
export const readerOfVersionOne: ContractReader = {
  read: (payload) => {
    if (payload.type.startsWith('Unknown')) return { status: 'unknown-type' };
    if (payload.schemaVersion > 1) return { status: 'unknown-version' };
    if (payload.type === 'Malformed') return { status: 'invalid', reason: '/data: required' };
    return { status: 'ok', payload };
  },
};

/** What a spec's database needs for a bench. */
export const benchMigrations = [...eventStoreMigrations, ...eventLogMigrations];

const TABLES = `
  CREATE TABLE IF NOT EXISTS reacted (place serial, source text, number integer);
  CREATE TABLE IF NOT EXISTS seen (source text, number integer);
  TRUNCATE reacted, seen, inbox.source_cursor, inbox.event, inbox.stream, inbox.kept, inbox.resumption,
    inbox.unlock`;

/** A node's inbox on a real database, listening to two simulated agencies. Policies and projections write to tables. */
export class InboxBench {
  readonly intake = new SimulatedAgency('cr-border-intake');
  readonly asylum = new SimulatedAgency('cr-refugee-unit');
  readonly alarms: InboxAlarm[] = [];
  /** Numbers per call of the projection: the sets it got. */
  readonly sets: { opened: number[]; sealed: number[] }[] = [];
  /** What the policy does beside writing its row; specs change it. */
  onReact: (event: ReceivedEvent, transaction: Transaction) => Promise<void> = async () => {};
  readonly sealing = new SpecSealing();
  reader: ContractReader = readerOfVersionOne;
  effects = 0;
  /** What the node's clock says; specs set it. */
  now = '2026-11-22T09:00:00.000Z';
  readonly clock = { now: () => this.now };
  readonly trust = new Map<string, readonly TrustedKey[]>();
  readonly pool: Pool;

  private constructor(pool: Pool) {
    this.pool = pool;
    for (const agency of [this.intake, this.asylum]) this.trust.set(agency.agencyId, [agency.trusted]);
  }

  /** On a database with `benchMigrations`, emptied. */
  static async onEmpty(pool: Pool): Promise<InboxBench> {
    await pool.query(TABLES);
    return new InboxBench(pool);
  }

  /** A fresh inbox on the same database, as after a restart. */
  inbox(changes: Partial<InboxOptions> = {}): Inbox {
    return new Inbox({
      agencyId: 'cr-conatt',
      store: new PostgresInboxStore(this.pool),
      trust: this.trust,
      sealing: this.sealing,
      reader: { read: (payload, clearClass) => this.reader.read(payload, clearClass) },
      policies: [this.#policy('CaseOpened'), this.#policy('ReferralRequested')],
      projections: [this.seen],
      clock: this.clock,
      hybridClock: new HybridClockSource(this.clock),
      onAlarm: (alarm) => this.alarms.push(alarm),
      onEffect: () => (this.effects += 1),
      ...changes,
    });
  }

  receive(agency: SimulatedAgency, records: readonly LogRecord[]): Promise<void> {
    return this.inbox().receive(topicOf(agency.agencyId), records);
  }

  quarantine(changes: Partial<InboxOptions> = {}): Quarantine {
    return new Quarantine(this.pool, this.inbox(changes));
  }

  /** `source/number` of the policy's effects, in order. */
  async reacted(): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string }>(
      `SELECT source || '/' || number AS name FROM reacted ORDER BY place`,
    );
    return rows.map((row) => row.name);
  }

  async states(agency: SimulatedAgency): Promise<string[]> {
    const { rows } = await this.pool.query<{ state: string }>(
      'SELECT state FROM inbox.event WHERE source = $1 ORDER BY number',
      [agency.agencyId],
    );
    return rows.map((row) => row.state);
  }

  async counts(agency: SimulatedAgency): Promise<InboxCounts | undefined> {
    return (await inboxCounts(this.pool, { now: this.now })).find(({ source }) => source === agency.agencyId);
  }

  #policy(on: string): Policy {
    return {
      name: 'when-something-then-react',
      on,
      react: async (event, transaction) => {
        const { source, number } = event;
        await transaction.query('INSERT INTO reacted (source, number) VALUES ($1, $2)', [source, number]);
        await this.onReact(event, transaction);
      },
    };
  }

  /** Writes which events it was shown; `sets` has how. */
  readonly seen: ContractProjection = {
    name: 'seen',
    apply: async ({ opened, sealed }, transaction) => {
      const numbersOf = (events: readonly { number: number }[]): number[] => events.map(({ number }) => number);
      this.sets.push({ opened: numbersOf(opened), sealed: numbersOf(sealed) });
      await transaction.query('INSERT INTO seen SELECT * FROM unnest($1::text[], $2::integer[])', [
        opened.map(({ source }) => source),
        numbersOf(opened),
      ]);
    },
    reset: async (transaction) => void (await transaction.query('TRUNCATE seen')),
  };
}
