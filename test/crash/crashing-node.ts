/**
 * One node without its edge: event store, relay and inbox on a database and a log, driven over the process channel, and
 * ready to end itself by SIGKILL right before or right after a named step. Run by `crash-lane.ts`.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import type { Step, StepObserver } from '@acogida/core';
import type { ContractEvent, ContractPayload } from '@acogida/contracts';
import {
  type ContractReader,
  EmbeddedEventLog,
  type EventLog,
  Inbox,
  PostgresInboxStore,
  PostgresRelayStore,
  KafkaEventLog,
  readingOf,
  type Policy,
  Relay,
  topicOf,
} from '@acogida/event-log';
import {
  type AnyProcedure,
  HybridClockSource,
  IdempotencyConflictError,
  PostgresEventStore,
  type SealForOutbox,
} from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import pg from 'pg';
import type { CrashingNodeSetup, CrashPoint, NodeOrder, NodeReport } from './crash-protocol.ts';

const setup = JSON.parse(process.argv[2] ?? '') as CrashingNodeSetup;
const clock = { now: () => new Date().toISOString() };
const ids = { uuid: () => crypto.randomUUID() };

let armed: CrashPoint | null = null;

/** Ends this process as a power cut does: nothing is flushed, nothing is said. */
function crash(): void {
  process.kill(process.pid, 'SIGKILL');
}

const observer: StepObserver = {
  around: async (step: Step, detail, work) => {
    const isMeant = armed !== null && armed.step === step && detail.count > 0;
    if (isMeant && armed?.moment === 'before') {
      crash();
      await new Promise(() => {}); // the signal may take a moment: not one more line runs
    }
    const result = await work();
    if (isMeant && armed?.moment === 'after') {
      crash();
      await new Promise(() => {});
    }
    return result;
  },
};

const procedure: AnyProcedure = {
  name: 'visit',
  decider: { initialState: null, decide: () => [], evolve: (state: unknown) => state },
  versions: { StepTaken: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: () => null,
};

/** Takes every type of version 1: this suite is about delivery, not about content. */
const reader: ContractReader = { read: (payload) => ({ status: 'ok', payload }) };

const pool = new pg.Pool({ connectionString: setup.databaseUrl, max: 6 });
pool.on('error', () => {});
const log: EventLog =
  setup.log.driver === 'kafka'
    ? new KafkaEventLog({ brokers: setup.log.brokers, clientId: setup.agencyId, observer })
    : new EmbeddedEventLog({ databaseUrl: setup.log.databaseUrl, observer });
const sealer = new DevelopmentSealer(Buffer.from(setup.sealingKey, 'base64'));
const seal: SealForOutbox = ({ caseId, ...event }) =>
  sealer.seal({ ...event, source: setup.agencyId, caseId: caseId ?? event.id });

/** The effect that must happen exactly once: a row and an event of its own, in the transaction of the batch. */
const policy: Policy = {
  name: 'when-step-taken-then-note-it',
  on: 'StepTaken',
  react: async ({ source, number, id, payload }, transaction) => {
    await transaction.query('INSERT INTO noted (source, number, event_id, visit) VALUES ($1, $2, $3, $4)', [
      source,
      number,
      id,
      visitOf(payload),
    ]);
    await store.appendWithin(transaction, {
      stream: `visit-note-${id}`,
      expectedVersion: 0,
      events: [stepTaken({ visit: visitOf(payload) }, null)],
      metadata: { actor: setup.agencyId, causation: { source, id }, correlationId: payload.correlationId },
      caseId: null,
    });
  },
};

function visitOf({ data }: ContractPayload): string {
  const { visit } = data;
  if (typeof visit !== 'string') throw new TypeError('an event of this suite names its visit');
  return visit;
}

function stepTaken(data: Record<string, string>, publish: ContractEvent | null) {
  return { type: 'StepTaken', schemaVersion: 1, data, publish };
}

const hybridClock = await HybridClockSource.start(pool, clock);
const relay = new Relay({
  agencyId: setup.agencyId,
  store: new PostgresRelayStore(pool),
  log,
  signer: { keyId: setup.keyId, privateKey: createPrivateKey(setup.privateKey) },
  pollIntervalMs: 200,
  observer,
  onError: (error) => report({ kind: 'failure', name: error instanceof Error ? error.name : 'unknown' }),
});
const store = new PostgresEventStore({
  ...{ pool, clock, hybridClock, ids, seal, observer },
  procedures: [procedure],
  onCommitted: () => relay.wake(),
});
const inbox = new Inbox({
  ...{ agencyId: setup.agencyId, sealing: readingOf(sealer), reader, clock, hybridClock, observer },
  store: new PostgresInboxStore(pool),
  trust: new Map(
    setup.peers.map((peer) => [
      peer.agencyId,
      [{ keyId: peer.keyId, publicKey: createPublicKey(peer.publicKey), fromNumber: 1 }],
    ]),
  ),
  policies: [policy],
  projections: [],
  onEffect: () => relay.wake(),
  onAlarm: ({ kind, reason }) => report({ kind: 'alarm', name: `${kind} ${reason}` }),
});

function report(message: NodeReport): void {
  process.send?.(message);
}

/** One visit of the given key: its stream grows by one event that is published. A repetition is answered, not repeated. */
async function append({ key, visit, expectedVersion }: Extract<NodeOrder, { kind: 'append' }>): Promise<void> {
  const contract = {
    class: 'case',
    type: 'StepTaken',
    schemaVersion: 1,
    caseId: setup.caseId,
    data: { visit: key },
  } as unknown as ContractEvent;
  try {
    await store.append({
      stream: `visit-${visit}`,
      expectedVersion,
      events: [stepTaken({ visit: key }, contract)],
      metadata: { actor: setup.agencyId, causation: null, correlationId: crypto.randomUUID() },
      caseId: null,
      idempotency: { key, fingerprint: key, reply: () => ({ status: 200, headers: {}, body: null }) },
    });
  } catch (error) {
    if (!(error instanceof IdempotencyConflictError)) throw error; // answered before the crash
  }
  report({ kind: 'appended', key });
}

process.on('message', (order: NodeOrder) => {
  switch (order.kind) {
    case 'append':
      append(order).catch((error: unknown) =>
        report({ kind: 'failure', name: error instanceof Error ? `${error.name} ${error.message}` : 'unknown' }),
      );
      break;
    case 'arm':
      armed = order.crash;
      report({ kind: 'armed' });
      break;
  }
});
process.on('disconnect', () => process.exit(0));

await relay.start();
if (setup.peers.length > 0) {
  await log.subscribe({
    group: `acogida.${setup.agencyId}`,
    topics: setup.peers.map(({ agencyId }) => topicOf(agencyId)),
    from: 'beginning',
    handler: (topic, records) => inbox.receive(topic, records),
  });
}
flushCompileCache(); // this life does not end in order, and the next one is to start sooner
report({ kind: 'ready' });
