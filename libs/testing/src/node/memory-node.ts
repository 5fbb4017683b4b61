import { type Clock, HYBRID_TIME_ZERO, type HybridTime, type Ids } from '@acogida/core';
import {
  CatchUp,
  type EventLog,
  Inbox,
  type InboxAlarm,
  MemoryInboxStore,
  MemoryInboxTables,
  MemoryRelayStore,
  type PositionedRecord,
  readingOf,
  Relay,
  type StatementSigner,
  type Trust,
} from '@acogida/event-log';
import { HybridClockSource, MemoryDatabase, MemoryEventStore, memoryOutbox } from '@acogida/event-store';
import {
  contractReader,
  createProcedureHandler,
  deadlineProjection,
  Deadlines,
  ManualAlarmClock,
  MemoryDeadlineStore,
  type NodeContext,
  type NodeDefinition,
  type ProcedureHandler,
  RuleCatalogue,
  sealForOutbox,
} from '@acogida/service-kit';
import { CrashPoints } from '../simulated/crash-points.ts';

/** What of a node outlives its process: its database. */
export class MemoryMachine {
  readonly database = new MemoryDatabase();
  readonly deadlines = new MemoryDeadlineStore((work) => this.database.transaction(work));

  constructor() {
    this.database.join(this.deadlines);
  }
}

/** What a simulated node is made of. */
export interface MemoryNodeOptions {
  readonly agencyId: string;
  readonly jurisdiction: string | null;
  readonly machine: MemoryMachine;
  readonly definition: Required<Pick<NodeDefinition, 'procedures' | 'policies' | 'deadlines'>>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealer: Parameters<typeof sealForOutbox>[0];
  readonly signer: StatementSigner;
  readonly trust: Trust;
  /** 32 hex digits each time. */
  readonly randomSalt: () => string;
  /** What policies, deadlines and commands run with instead: for simulations that take a check away. */
  readonly adapt?: (handler: ProcedureHandler) => ProcedureHandler;
  readonly onAlarm?: (alarm: InboxAlarm) => void;
}

/**
 * A whole node in memory: the real relay, inbox, deciders, policies and deadlines, on stores in memory. Nothing runs by itself;
 * whoever holds it says what it does next. Made anew on the same machine, it is the node after a restart.
 */
export class MemoryNode {
  readonly agencyId: string;
  readonly machine: MemoryMachine;
  readonly handler: ProcedureHandler;
  readonly deadlines: Deadlines;
  /** Turns of deadlines that failed. */
  readonly failures: unknown[] = [];
  readonly crashPoints: CrashPoints;
  readonly #relay: Relay;
  readonly #catchUp: CatchUp;

  private constructor(options: MemoryNodeOptions) {
    const { agencyId, jurisdiction, machine, definition, log, clock, ids, sealer, trust, onAlarm } = options;
    const { database } = machine;
    this.agencyId = agencyId;
    this.machine = machine;
    this.crashPoints = new CrashPoints(() => {
      database.crash();
      machine.deadlines.forgetTurns();
    });
    const observer = this.crashPoints;
    const hybridClock = new HybridClockSource(clock, greatestClock(database));
    const catalogue = new RuleCatalogue(definition.deadlines, definition.procedures);
    const alarm = new ManualAlarmClock();
    const store = new MemoryEventStore({
      ...{ database, clock, hybridClock, ids, observer, randomSalt: options.randomSalt },
      seal: sealForOutbox(sealer, agencyId),
      procedures: definition.procedures,
      inlineProjections: [deadlineProjection({ catalogue, store: machine.deadlines, alarm })],
    });
    const handler = interruptible(createProcedureHandler(store), observer);
    this.handler = options.adapt?.(handler) ?? handler;
    const context: NodeContext = { agencyId, jurisdiction, handler: this.handler, clock, members: () => [] };
    const inboxStore = new MemoryInboxStore(database);
    const inbox = new Inbox({
      ...{ agencyId, store: inboxStore, trust, clock, hybridClock, observer, reader: contractReader },
      ...{ policies: definition.policies(context), projections: [], sealing: readingOf(sealer) },
      ...(onAlarm === undefined ? {} : { onAlarm }),
    });
    this.#catchUp = new CatchUp({ store: inboxStore, log, inbox });
    const { signer } = options;
    this.#relay = new Relay({ agencyId, store: new MemoryRelayStore(database), log, signer, observer });
    this.deadlines = new Deadlines({
      ...{ store: machine.deadlines, catalogue, node: context, ids, clock, alarm },
      observer: { onHandled: () => {}, onFailed: (_, error) => this.failures.push(error) },
      onError: (error) => this.failures.push(error),
    });
  }

  /** The node as it is after a start of its process on this machine: its relay has taken over. */
  static async start(options: MemoryNodeOptions): Promise<MemoryNode> {
    const node = new MemoryNode(options);
    await node.#relay.takeOver();
    return node;
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

  /** Takes in records of another agency's topic, as the log delivers them. */
  receive(topic: string, records: readonly PositionedRecord[]): Promise<void> {
    return this.#catchUp.receive(topic, records);
  }
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
