import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '@acogida/core';
import {
  type AnyProcedure,
  eventStoreMigrations,
  HybridClockSource,
  PostgresEventStore,
  type Transaction,
} from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { computeDeadlines, type DeadlineComputation } from '../deadlines/compute-deadlines.ts';
import { deadlineMigrations } from '../deadlines/create-deadline-tables.migration.ts';
import { deadlineProjection } from '../deadlines/deadline-projection.ts';
import { Deadlines, type DeadlinesOptions } from '../deadlines/deadlines.ts';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import type { AlarmClock, AnyDeadlineRule } from '../deadlines/port.ts';
import { PostgresDeadlineStore } from '../deadlines/postgres-deadline-store.ts';
import { RuleCatalogue } from '../deadlines/rule-catalogue.ts';
import type { NodeContext } from '../node-definition.ts';
import { createProcedureHandler } from '../procedure-runner.ts';
import { type BedCommand, bedDeadlines, bedProcedure } from './specimen-deadlines.ts';

/** A clock that a spec sets. */
export class SetClock implements Clock {
  at: Instant = '2026-11-22T09:00:00.000Z';

  now(): Instant {
    return this.at;
  }

  /** Goes on by so many minutes. */
  pass(minutes: number): void {
    this.at = later(this.at, minutes);
  }
}

/** So many minutes after an instant. */
export function later(instant: Instant, minutes: number): Instant {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString();
}

/** What a turn came to. */
export interface TurnReport {
  readonly kind: string;
  readonly error?: unknown;
}

/** One process of a node: two on one database stand for a node that was started twice. */
export interface BedProcess {
  readonly node: NodeContext;
  readonly store: PostgresDeadlineStore;
  readonly events: PostgresEventStore;
  readonly deadlines: Deadlines;
  readonly alarm: AlarmClock;
  readonly turns: readonly TurnReport[];
  /** Computes what is open from before. */
  compute(options?: Pick<DeadlineComputation, 'signal' | 'onCorrupted'>): Promise<void>;
  command(id: string, command: BedCommand, transaction?: Transaction): Promise<void>;
  /** Keeps a new bed until an instant; says its id. */
  keepBed(until: Instant): Promise<string>;
  /** Types of the events of a bed. */
  historyOf(id: string): Promise<readonly string[]>;
}

/** How a process differs. */
export interface BedProcessOptions extends Partial<Pick<DeadlinesOptions, 'mayAct' | 'lookIntervalMs' | 'onError'>> {
  readonly alarm?: AlarmClock;
  readonly rules?: readonly AnyDeadlineRule[];
  readonly procedures?: readonly AnyProcedure[];
}

/** A database with the tables that deadlines need. */
export function createBedDatabase(): Promise<TestDatabase> {
  return createTestDatabase([...eventStoreMigrations, ...deadlineMigrations]);
}

/** Starts a process of a node with beds; nothing looks at the deadlines before a spec says so. */
export function startBedProcess(
  { pool }: TestDatabase,
  clock: Clock,
  {
    alarm = new ManualAlarmClock(),
    rules = [bedDeadlines],
    procedures = [bedProcedure],
    ...rest
  }: BedProcessOptions = {},
): BedProcess {
  const ids = { uuid: () => randomUUID() };
  const catalogue = new RuleCatalogue(rules, procedures);
  const store = new PostgresDeadlineStore(pool);
  const events = new PostgresEventStore({
    ...{ pool, clock, ids, procedures },
    hybridClock: new HybridClockSource(clock),
    seal: ({ text }) => ({ subject: 'directory', keyId: null, data: text }),
    inlineProjections: [deadlineProjection({ catalogue, store, alarm })],
  });
  const handler = createProcedureHandler(events);
  const node: NodeContext = { agencyId: 'cr-border-intake', jurisdiction: 'CR', handler, clock, members: () => [] };
  const turns: TurnReport[] = [];
  const observer = {
    onHandled: (kind: string) => void turns.push({ kind }),
    onFailed: (kind: string, error: unknown) => void turns.push({ kind, error }),
  };
  const onError = (error: unknown): never => {
    throw error;
  };
  const deadlines = new Deadlines({ ...{ store, catalogue, node, ids, clock, alarm, observer, onError }, ...rest });
  const command: BedProcess['command'] = async (id, bedCommand, transaction) => {
    const metadata = { actor: 'cr-border-intake.caseworker', correlationId: randomUUID(), causation: null };
    const options = { procedure: bedProcedure, id, command: bedCommand, ...metadata };
    await (transaction === undefined ? handler.execute(options) : handler.executeWithin(transaction, options));
  };
  return {
    ...{ node, store, events, deadlines, alarm, turns, command },
    compute: (options) => computeDeadlines({ pool, store, catalogue, handler, ...options }),
    keepBed: async (until) => {
      const id = randomUUID();
      await command(id, { type: 'KeepBed', until });
      return id;
    },
    historyOf: async (id) => (await events.readStream(`bed-${id}`)).map(({ type }) => type),
  };
}
