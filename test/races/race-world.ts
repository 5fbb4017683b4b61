import type { StepObserver } from '@acogida/core';
import { MemoryLogStore } from '@acogida/event-log';
import {
  type Count,
  EMPTY_GATE,
  evolveGate,
  type GateEvent,
  type GateFile,
  type HoldLedgerEvent,
  LONGEST_LEASE_MS,
  remainingMs,
} from '@acogida/safeguards';
import { MemoryKms } from '@acogida/sealing';
import { ManualAlarmClock } from '@acogida/service-kit';
import {
  copyTestDatabase,
  createTestDatabase,
  type DatabaseDoor,
  databaseDoor,
  eventually,
  type TestDatabase,
} from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { HeldBackLog } from './held-back-log.ts';
import { OvertakenAlarms } from './overtaken-alarms.ts';
import { LeaseClock, RaceTime } from './race-time.ts';
import { BORDER, COMAR, definitionOf, DIRECTORY, type Racer, REFUGE } from './racing-nodes.ts';
import { RacingServer } from './racing-server.ts';
import { WatchedDoor } from './watched-door.ts';

/** How long a clearance stands in a race, in milliseconds: long enough that it is still out when a node has come back. */
export const LEASE_MS = 20_000;
/** Longest wait for what was done to be heard everywhere, in milliseconds. */
export const PATIENCE_MS = 90_000;
const CLEARANCE_DEADLINE_MS = 2_000;
/** By the slowest clock: how long a hold waits for leases that its authority may have forgotten, in milliseconds. */
const FORGOTTEN_MS = LONGEST_LEASE_MS * 1.05;
/** In milliseconds: the gate takes nobody to be silent only because time leapt, and hears from all soon where it leapt far. */
const HEARTBEATS_MS: Readonly<Record<Racer, number>> = {
  ...{ [BORDER]: 60_000, [REFUGE]: 1_000, [COMAR]: 1_000, [DIRECTORY]: 1_000 },
};

/** As slow as a gate's clock may be, and as fast as an authority's: what is left of the margin is what is raced. */
const RATES: Readonly<Record<Racer, number>> = { [BORDER]: 0.991, [REFUGE]: 1.009, [COMAR]: 1.009, [DIRECTORY]: 1 };

/** A node from its start to its end. */
interface Life {
  readonly node: TestNode;
  readonly log: HeldBackLog;
  readonly door: DatabaseDoor;
  readonly clock: LeaseClock;
  /** Rejects when it ends: what it was asked then is never answered. */
  readonly ended: Promise<never>;
  readonly end: () => void;
}

/** What of an agency outlives its process. */
interface Place {
  readonly database: TestDatabase;
  /** Outside of the database, and no part of its copies. */
  readonly kms: MemoryKms;
}

/** Whole nodes on one log, each with a database of its own, that are stopped, killed and restored while they race. */
export class RaceWorld {
  readonly time = new RaceTime();
  readonly door = new WatchedDoor(this.time);
  /** What all databases are on. */
  readonly server: RacingServer;
  /** Stands before each transaction by which the gate appends: for a pause between what it decided and what it writes. */
  beforeGateAppends: () => Promise<void> = async () => {};
  readonly #network: TestNetwork;
  readonly #store = new MemoryLogStore();
  readonly #places = new Map<Racer, Place>();
  readonly #lives = new Map<Racer, Life>();
  readonly #alarms = new Map<Racer, OvertakenAlarms>();

  private constructor(network: TestNetwork, server: RacingServer) {
    this.#network = network;
    this.server = server;
  }

  /** Starts all, and has the directory list the authority. */
  static async start(): Promise<RaceWorld> {
    const server = await RacingServer.start();
    process.env['TEST_DATABASE_URL'] = server.url; // where databases are made from now on
    const world = new RaceWorld(await createTestNetwork(), server);
    for (const agency of [DIRECTORY, BORDER, REFUGE, COMAR] as const) await world.start(agency);
    const coordinator = { roles: ['coordinator'] } as const;
    const entry = { name: 'Unidad de Refugio', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR' };
    const listed = { ...entry, agencyId: REFUGE, nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' };
    const directory = world.at(DIRECTORY);
    const { status } = await directory.post('/v1/agencies', listed, coordinator);
    const named = await directory.put(
      `/v1/clearance-authorities/CR/${REFUGE}`,
      { holds: ['ASYLUM_PENDING'] },
      coordinator,
    );
    if (status !== 201 || named.status !== 200) throw new Error(`the directory lists nobody: ${status} ${named.text}`);
    await eventually(async () => {
      for (const agency of [BORDER, REFUGE, COMAR] as const) {
        const { rowCount } = await world.at(agency).pool.query(`SELECT FROM known_entry WHERE kind = 'CLEARANCE'`);
        if (rowCount !== 1) throw new Error(`${agency} knows of no authority`);
      }
    }, PATIENCE_MS);
    return world;
  }

  /** A node that runs. @throws RangeError it does not */
  at(agency: Racer): TestNode {
    return this.#lifeOf(agency).node;
  }

  /** Rejects once the node that runs now has ended. */
  endOf(agency: Racer): Promise<never> {
    return this.#lifeOf(agency).ended;
  }

  logOf(agency: Racer): HeldBackLog {
    return this.#lifeOf(agency).log;
  }

  clockOf(agency: Racer): LeaseClock {
    return this.#lifeOf(agency).clock;
  }

  /** Starts a process: its clock begins anew. */
  async start(agency: Racer): Promise<void> {
    const { database, kms } = await this.#placeOf(agency);
    const log = new HeldBackLog(this.#store);
    const clock = new LeaseClock(this.time, RATES[agency]);
    const door = await databaseDoor();
    const observer: StepObserver = {
      around: async (step, _, work) => {
        if (agency === BORDER && step === 'append') await this.beforeGateAppends();
        return work();
      },
    };
    const node = await startTestNode(definitionOf(agency, clock, this.door), {
      ...{ network: this.#network, agencyId: agency, database, kms, log, observer, clock: this.time.clock },
      ...{ reachDatabase: door.reach, alarm: new ManualAlarmClock(), logLevel: 'error', keysMode: 'cases' },
      ...{ withChannel: true, leaseMs: LEASE_MS, clearanceDeadlineMs: CLEARANCE_DEADLINE_MS },
      heartbeatIntervalMs: HEARTBEATS_MS[agency],
    });
    this.#alarmsOf(agency).follow(node.logLines);
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => {});
    const end = (): void => reject(new Error(`${agency} is gone`));
    this.#lives.set(agency, { node, log, door, clock, ended, end });
  }

  /**
   * Ends a process as all others see it: at one moment it reaches neither its database, which rolls back what was under way, nor the
   * log, nor anybody who asks it. What is left of it here is put away then.
   */
  async kill(agency: Racer): Promise<void> {
    const { node, log, door, end } = this.#lifeOf(agency);
    this.#lives.delete(agency);
    door.shut();
    log.cut();
    node.node.app.getHttpServer().closeAllConnections();
    end();
    await this.breakConnections(agency);
    await node.stop();
    await door.close();
  }

  /** What an agency has at this moment; it reaches nothing of it meanwhile. */
  async copyOf(agency: Racer): Promise<TestDatabase> {
    const { database } = await this.#placeOf(agency);
    const { door } = this.#lifeOf(agency);
    door.shut();
    try {
      return await copyTestDatabase(database);
    } finally {
      door.open();
    }
  }

  /** Kills a process, and starts it on an older copy of its database; ends when that has its own events back. */
  async restore(agency: Racer, copy: TestDatabase): Promise<void> {
    await this.kill(agency);
    const { database, kms } = await this.#placeOf(agency);
    this.#places.set(agency, { database: copy, kms });
    await this.start(agency);
    await eventually(() => {
      if (!this.at(agency).node.runtime.isRelaying()) throw new Error(`${agency} takes its events back in`);
    }, PATIENCE_MS);
    await database.drop();
  }

  /** Ends all connections of a node to PostgreSQL, in the middle of whatever they do. */
  async breakConnections(agency: Racer): Promise<void> {
    const { database } = await this.#placeOf(agency);
    await database.pool.query(
      'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
  }

  async stop(): Promise<void> {
    const lives = [...this.#lives.values()];
    await Promise.all(lives.map(({ node, door }) => node.stop().then(() => door.close())));
    await Promise.all([...this.#places.values()].map(({ database }) => database.drop()));
    await this.server.stop();
  }

  /** Lets the longest lease end that an authority may have given and forgotten by now. */
  endForgottenLeases(): void {
    this.time.leap(FORGOTTEN_MS);
  }

  /** Lets a count of an agency's present process come to its end, if it has not. */
  endCount(agency: Racer, count: Count): void {
    this.time.leap(Math.ceil(remainingMs(count, this.clockOf(agency).read()) / RATES[agency]));
  }

  /** What an authority wrote of a case. */
  async ledgerOf(agency: Racer, caseId: string): Promise<readonly HoldLedgerEvent[]> {
    const events = await this.at(agency).node.runtime.store.readStream(`hold-ledger-${caseId}`);
    return events as unknown as readonly HoldLedgerEvent[];
  }

  /** How a case stands at the gate. */
  async gateOf(caseId: string): Promise<GateFile> {
    const events = await this.at(BORDER).node.runtime.store.readStream(`gate-${caseId}`);
    return (events as unknown as readonly GateEvent[]).reduce(evolveGate, EMPTY_GATE);
  }

  /** Which holds an agency raised the alarm for, since somebody had left before they protected (`holdsTogether`). */
  alarmsAt(agency: Racer): ReadonlySet<string> {
    return this.#alarmsOf(agency).told;
  }

  #alarmsOf(agency: Racer): OvertakenAlarms {
    const alarms = this.#alarms.get(agency) ?? new OvertakenAlarms();
    this.#alarms.set(agency, alarms);
    return alarms;
  }

  async #placeOf(agency: Racer): Promise<Place> {
    const known = this.#places.get(agency);
    if (known !== undefined) return known;
    const place = { database: await createTestDatabase(), kms: new MemoryKms() };
    this.#places.set(agency, place);
    return place;
  }

  #lifeOf(agency: Racer): Life {
    const life = this.#lives.get(agency);
    if (life === undefined) throw new RangeError(`${agency} is not started`);
    return life;
  }
}
