import { randomUUID } from 'node:crypto';
import type {
  AnyProcedure,
  AppendRequest,
  EventStore,
  NewEvent,
  Published,
  PublishedContract,
  SealForOutbox,
  Transaction,
} from '@acogida/event-store';

/** When everything happens in the suite. */
export const CONFORMANCE_NOW = '2026-11-22T09:00:00.000Z';

/** The procedure whose streams the suite writes. */
export const CONFORMANCE_PROCEDURE: AnyProcedure = {
  name: 'visit',
  decider: { initialState: null, decide: () => [], evolve: (state: unknown) => state },
  versions: { VisitBegun: 2, VisitEnded: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: () => null,
};

/** What waits to be published. `text` is what was sealed, `chain` the published chain, `sealedFor` the audience as JSON. */
export interface ConformanceOutboxRow {
  readonly chain: string;
  readonly sealedFor: string | null;
  readonly eventId: string;
  readonly publishedVersion: number;
  readonly class: string;
  readonly text: string;
  readonly number: number | null;
}

/** Gets no copy in the suite: the seal keeps it back. */
export const NOBODY = 'xx-nobody';

/** A seal that can be read (`openedForConformance`), and whose key names the audience. */
export const CONFORMANCE_SEAL: SealForOutbox = ({ audience, text }) =>
  audience !== null && typeof audience === 'object' && audience.to === NOBODY
    ? null
    : {
        ...{ subject: '0f'.repeat(16), keyId: JSON.stringify(audience) },
        data: Buffer.from(text).toString('base64'),
      };

/** What `CONFORMANCE_SEAL` sealed. */
export function openedForConformance(data: string): string {
  return Buffer.from(data, 'base64').toString();
}

/** A store under test. Its clock says `CONFORMANCE_NOW`; it has `CONFORMANCE_PROCEDURE` and `CONFORMANCE_SEAL`. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** Runs `work` in a transaction of its database: commits when it resolves, rolls back when it rejects. */
  readonly inTransaction: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** What a stream published in all its chains, in the order of insertion. */
  readonly outboxOf: (stream: string) => Promise<readonly ConformanceOutboxRow[]>;
  close(): Promise<void>;
}

/** The store when its turn comes. */
export type Tested = () => StoreUnderTest;

/** Who appends in the suite. */
export const METADATA = {
  correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  causation: { source: 'cr-border-intake', id: '16fd2706-8baf-433b-82eb-8c7fada847da' },
  actor: 'cr-refugee-unit.caseworker',
};
/** The case that everything is published for. */
export const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';

/** A stream nobody used before. */
export function newStream(): string {
  return `visit-${randomUUID()}`;
}

/** A `VisitBegun`, private unless something is given that it becomes. */
export function begun(step: string, publish: Published = null): NewEvent {
  return { type: 'VisitBegun', schemaVersion: 2, data: { step }, publish };
}

/** A contract event of class `case`. */
export function contract(step: string): PublishedContract {
  return { class: 'case', type: 'VisitPublished', schemaVersion: 1, caseId: CASE_ID, data: { step } };
}

/** An append to a stream, of no case. */
export function append(stream: string, expectedVersion: number, ...events: NewEvent[]): AppendRequest {
  return { stream, expectedVersion, events, metadata: METADATA, caseId: null };
}

/** The same with a reply that is kept under a key. */
export function keyed(request: AppendRequest, key: string, fingerprint = 'f'): AppendRequest {
  const reply = ({ version, events }: { version: number; events: readonly { id: string }[] }) => ({
    ...{ status: 201, headers: { etag: `"${version}"` } },
    body: { ids: events.map(({ id }) => id) },
  });
  return { ...request, idempotency: { key, fingerprint, reply } };
}
