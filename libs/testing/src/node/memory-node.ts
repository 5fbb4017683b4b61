import { type Clock, HYBRID_TIME_ZERO, type HybridTime, type Ids } from '@acogida/core';
import {
  CatchUp,
  type EventLog,
  Inbox,
  type InboxAlarm,
  type InboxSealing,
  MemoryInboxStore,
  MemoryInboxTables,
  MemoryRelayStore,
  type PositionedRecord,
  type RecordVerification,
  Relay,
  type StatementSigner,
  type Trust,
  Unlocks,
} from '@acogida/event-log';
import {
  HybridClockSource,
  type MemoryDatabase,
  MemoryEventStore,
  memoryOutbox,
  type RecordedEvent,
} from '@acogida/event-store';
import {
  contractReader,
  createProcedureHandler,
  deadlineProjection,
  Deadlines,
  keepCircles,
  ManualAlarmClock,
  type NodeCaseKeys,
  type NodeContext,
  type NodeDefinition,
  type NodeKeys,
  type ProcedureHandler,
  RuleCatalogue,
  withCaseKeys,
} from '@acogida/service-kit';
import { CrashPoints } from '../simulated/crash-points.ts';
import {
  jurisdictionOf,
  MemoryAudit,
  memoryCaseKeys,
  memoryKeyPolicies,
  type MemoryKeysOptions,
  openMemoryKeys,
} from './memory-case-keys.ts';
import type { MemoryMachine } from './memory-machine.ts';

/** What a simulated node is made of. */
export interface MemoryNodeOptions extends MemoryKeysOptions {
  readonly machine: MemoryMachine;
  readonly definition: Required<Pick<NodeDefinition, 'procedures' | 'policies' | 'deadlines'>>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly signer: StatementSigner;
  readonly trust: Trust;
  /** For the nodes of one simulation to share; one of its own where left out. */
  readonly verifier?: RecordVerification;
  /** 32 hex digits each time. */
  readonly randomSalt: () => string;
  /** What policies, deadlines and commands run with instead: for simulations that take a check away. */
  readonly adapt?: (handler: ProcedureHandler) => ProcedureHandler;
  readonly onAlarm?: (alarm: InboxAlarm) => void;
}

/**
 * A whole node in memory: the real relay, inbox, deciders, policies, deadlines and keys of cases, on stores in memory. Nothing
 * runs by itself; whoever holds it says what it does next. Made anew on the same machine, it is the node after a restart.
 */
export class MemoryNode {
  readonly agencyId: string;
  readonly machine: MemoryMachine;
  readonly handler: ProcedureHandler;
  /** Opens what this agency and others published, as far as it can. */
  readonly sealing: InboxSealing;
  /** What did not come off without anybody being told: turns of deadlines, reading again, offer keys. */
  readonly failures: unknown[] = [];
  /** What went on record in this life of it. */
  readonly audit = new MemoryAudit();
  readonly crashPoints: CrashPoints;
  readonly #store: MemoryEventStore;
  readonly #keys: NodeKeys;
  readonly #caseKeys: NodeCaseKeys;
  readonly #relay: Relay;
  readonly #catchUp: CatchUp;
  readonly #unlocks: Unlocks;
  readonly #deadlines: Deadlines;

  private constructor(options: MemoryNodeOptions, keys: NodeKeys) {
    const { agencyId, machine, log, clock, ids, signer } = options;
    const { database } = machine;
    this.agencyId = agencyId;
    this.machine = machine;
    this.#keys = keys;
    this.crashPoints = new CrashPoints(() => {
      database.crash();
      machine.deadlines.forgetTurns();
    });
    const observer = this.crashPoints;
    const caseKeys = memoryCaseKeys(
      options,
      keys,
      () => context,
      (code) => this.failures.push(code),
    );
    this.#caseKeys = caseKeys;
    this.sealing = caseKeys.sealing;
    const definition = withCaseKeys(options.definition, caseKeys);
    const hybridClock = new HybridClockSource(clock, greatestClock(database));
    const catalogue = new RuleCatalogue(definition.deadlines, definition.procedures);
    const alarm = new ManualAlarmClock();
    const store = new MemoryEventStore({
      ...{ database, clock, hybridClock, ids, observer, randomSalt: options.randomSalt },
      seal: neverInClear,
      sealing: keys.texts,
      procedures: definition.procedures,
      inlineProjections: [deadlineProjection({ catalogue, store: machine.deadlines, alarm })],
    });
    this.#store = store;
    const context = contextOf(options, caseKeys, store, observer);
    this.handler = confirming(context.handler, keys);
    const inboxStore = new MemoryInboxStore(database);
    const inbox = this.#inboxOf(options, { context, caseKeys, inboxStore, hybridClock });
    this.#catchUp = new CatchUp({ store: inboxStore, log, inbox });
    this.#unlocks = new Unlocks({ store: inboxStore, log, inbox, onError: (error) => this.failures.push(error) });
    this.#relay = new Relay({ agencyId, store: new MemoryRelayStore(database), log, signer, observer });
    this.#deadlines = new Deadlines({
      ...{ store: machine.deadlines, catalogue, node: context, ids, clock, alarm },
      observer: { onHandled: () => {}, onFailed: (_, error) => this.failures.push(error) },
      onError: (error) => this.failures.push(error),
    });
  }

  /** The node as it is after a start of its process on this machine: its relay has taken over, its offer keys are published. */
  static async start(options: MemoryNodeOptions): Promise<MemoryNode> {
    const node = new MemoryNode(options, await openMemoryKeys(options));
    await node.#relay.takeOver();
    await node.#caseKeys.peers.refresh();
    await node.#caseKeys.onCompared();
    await node.#settle();
    return node;
  }

  #inboxOf(
    options: MemoryNodeOptions,
    parts: {
      readonly context: NodeContext;
      readonly caseKeys: NodeCaseKeys;
      readonly inboxStore: MemoryInboxStore;
      readonly hybridClock: HybridClockSource;
    },
  ): Inbox {
    const { agencyId, definition, trust, verifier, clock, onAlarm } = options;
    const { context, caseKeys, inboxStore, hybridClock } = parts;
    const { peers, sealing } = caseKeys;
    return new Inbox({
      ...{ agencyId, store: inboxStore, trust, clock, hybridClock, sealing, reader: contractReader },
      observer: this.crashPoints,
      policies: [...definition.policies(context), ...memoryKeyPolicies(context, caseKeys, inboxStore, this.audit)],
      projections: [peers.projection()],
      ...(verifier === undefined ? {} : { verifier }),
      ...(onAlarm === undefined ? {} : { onAlarm }),
    });
  }

  /** Gives numbers to what was committed; says to how many events. */
  sequence(): Promise<number> {
    return this.#relay.sequence();
  }

  /** Publishes what has a number; says how many events. */
  publish(): Promise<number> {
    return this.#relay.publish();
  }

  /** Whether something was committed and is not known to be published. */
  get hasToPublish(): boolean {
    const { database } = this.machine;
    return memoryOutbox(database).rows().size > new MemoryRelayStore(database).publishedThrough();
  }

  /** The events of one of its streams. */
  readStream(stream: string): Promise<readonly RecordedEvent[]> {
    return this.#store.readStream(stream);
  }

  /** Places of its own events in the order in which they were recorded, by their ids. */
  async positions(): Promise<ReadonlyMap<string, number>> {
    const positions = new Map<string, number>();
    for await (const page of this.#store.readAll()) {
      for (const { id, position } of page) positions.set(id, Number(position));
    }
    return positions;
  }

  /** Takes in records of another agency's topic, as the log delivers them, and reads again what they bring keys for. */
  async receive(topic: string, records: readonly PositionedRecord[]): Promise<void> {
    await this.#catchUp.receive(topic, records);
    await this.#settle();
  }

  /** Gives every deadline that is due now its turn. */
  async runDue(): Promise<void> {
    await this.#deadlines.runDue();
    await this.#settle();
  }

  /** What a running node does of itself after its transactions. */
  async #settle(): Promise<void> {
    await this.#keys.texts.confirm();
    await this.#unlocks.run();
    await this.#keys.texts.confirm();
  }
}

/** What commands, policies and deadlines of the node act with. */
function contextOf(
  options: MemoryNodeOptions,
  caseKeys: NodeCaseKeys,
  store: MemoryEventStore,
  crashPoints: CrashPoints,
): NodeContext {
  const { agencyId, clock, machine, keyTrust, adapt } = options;
  const { circles, peers, opening } = caseKeys;
  const { members } = keyTrust;
  const node = {
    ...{ agencyId, clock, circles, peers },
    jurisdiction: jurisdictionOf(members, agencyId),
    members: () => members,
  };
  const running = interruptible(createProcedureHandler(store, undefined, opening), crashPoints);
  const handler = keepCircles(caseKeys, {
    ...{ handler: adapt?.(running) ?? running, node, store },
    transact: (work) => machine.database.transaction(work),
    onCommitted: () => {},
  });
  return { ...node, handler };
}

/** Commands of the staff: what they began is known when they are done. */
function confirming(handler: ProcedureHandler, { texts }: NodeKeys): ProcedureHandler {
  return {
    execute: async (options) => {
      const result = await handler.execute(options);
      await texts.confirm();
      return result;
    },
    executeWithin: (transaction, options) => handler.executeWithin(transaction, options),
    load: (procedure, id, transaction) => handler.load(procedure, id, transaction),
  };
}

/** The texts of the node seal; nothing gets past them. */
function neverInClear(): never {
  throw new Error('an event would go out that its case did not seal');
}

/** A process may end within a transaction of several commands, before any of them. */
function interruptible(handler: ProcedureHandler, crashPoints: CrashPoints): ProcedureHandler {
  return {
    execute: (options) => handler.execute(options),
    load: (procedure, id, transaction) => handler.load(procedure, id, transaction),
    executeWithin: async (transaction, options) => {
      await crashPoints.reach('within transaction');
      return handler.executeWithin(transaction, options);
    },
  };
}

/** Where the hybrid clock of a node goes on: after everything that it published or took in. */
function greatestClock(database: MemoryDatabase): HybridTime {
  const published = [...memoryOutbox(database).rows().values()].map(({ clock }) => clock);
  const observed = [...new MemoryInboxTables(database).sources.rows().values()].map(({ clock }) => clock);
  return [...published, ...observed].reduce(
    (greatest, clock) => (clock > greatest ? clock : greatest),
    HYBRID_TIME_ZERO,
  );
}
