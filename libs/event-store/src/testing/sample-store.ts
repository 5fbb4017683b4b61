import { randomUUID } from 'node:crypto';
import type { Clock, Instant, JsonObject } from '@acogida/core';
import type { ContractEvent } from '@acogida/contracts';
import type { Pool } from 'pg';
import { HybridClockSource } from '../hybrid-clock-source.ts';
import type {
  AnyProcedure,
  AppendRequest,
  EventMetadata,
  InlineProjection,
  NewEvent,
  Published,
  SealForOutbox,
} from '../port.ts';
import { PostgresEventStore, type PostgresEventStoreOptions } from '../postgres-event-store.ts';

/** A procedure of the specs: `StepTaken` at version 2, `VisitEnded` at version 1. */
export const SAMPLE_PROCEDURE: AnyProcedure = {
  name: 'sample',
  decider: { initialState: null, decide: () => [], evolve: (state: unknown) => state },
  versions: { StepTaken: 2, VisitEnded: 1 },
  upcasters: [
    { type: 'StepTaken', fromVersion: 1, upcast: ({ label, ...rest }) => ({ ...rest, step: label, weight: 1 }) },
  ],
  publish: () => null,
  caseOf: () => null,
};

/** The same procedure as an older release knew it. */
export const OLDER_SAMPLE_PROCEDURE: AnyProcedure = { ...SAMPLE_PROCEDURE, versions: { StepTaken: 1 }, upcasters: [] };

/** Who appended in the specs. */
export const SAMPLE_METADATA: EventMetadata = {
  correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  causation: { source: 'cr-border-intake', id: '16fd2706-8baf-433b-82eb-8c7fada847da' },
  actor: 'cr-refugee-unit.caseworker',
};

/** A seal that can be read: clear text for `directory`, reversed base64 otherwise. */
export const sampleSeal: SealForOutbox = ({ class: contractClass, caseId, text }) =>
  contractClass === 'directory'
    ? { subject: 'directory', keyId: null, data: text }
    : { subject: `subject-of-${caseId}`, keyId: 'key-1', data: Buffer.from(text).toString('base64') };

/** What `sampleSeal` sealed. */
export function openSample(row: { readonly key_id: string | null; readonly data: string }): string {
  return row.key_id === null ? row.data : Buffer.from(row.data, 'base64').toString();
}

/** A wall clock that stands still until it is set. */
export class StandingClock implements Clock {
  #now: Instant;

  constructor(now: Instant = '2026-11-22T09:00:00.000Z') {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }
}

/** A store over the pool with the sample procedure, a standing clock and the readable seal. */
export function sampleStore(pool: Pool, options: Partial<PostgresEventStoreOptions> = {}): PostgresEventStore {
  const clock = options.clock ?? new StandingClock();
  return new PostgresEventStore({
    pool,
    clock,
    hybridClock: new HybridClockSource(clock),
    ids: { uuid: () => randomUUID() },
    seal: sampleSeal,
    procedures: [SAMPLE_PROCEDURE],
    ...options,
  });
}

/** A stream nobody used before. */
export function newStream(): string {
  return `sample-${randomUUID()}`;
}

/** A contract event of class `case`. */
export function contractOf(data: JsonObject, contractClass: ContractEvent['class'] = 'case'): ContractEvent {
  const caseId = contractClass === 'directory' ? null : '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
  return { class: contractClass, type: 'StepPublished', schemaVersion: 1, caseId, data };
}

/** A `StepTaken`, private unless a contract event is given. */
export function step(name: string, publish: Published = null): NewEvent {
  return { type: 'StepTaken', schemaVersion: 2, data: { step: name, weight: 1 }, publish };
}

/** An append of steps to a stream. */
export function appendOf(stream: string, expectedVersion: number, ...events: NewEvent[]): AppendRequest {
  return { stream, expectedVersion, events, metadata: SAMPLE_METADATA, caseId: null };
}

/** A read model that counts events per stream, and breaks on a step called `break`. */
export const stepCount: InlineProjection & { readonly ddl: string } = {
  name: 'step-count',
  ddl: 'CREATE TABLE step_count (stream text PRIMARY KEY, steps integer NOT NULL)',
  apply: async (events, transaction) => {
    if (events.some((event) => event.data['step'] === 'break')) await transaction.query('SELECT 1 / 0');
    await transaction.query(
      `INSERT INTO step_count SELECT stream, count(*) FROM unnest($1::text[]) AS stream GROUP BY stream ORDER BY stream
       ON CONFLICT (stream) DO UPDATE SET steps = step_count.steps + excluded.steps`,
      [events.map((event) => event.stream)],
    );
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE step_count');
  },
};
