import type { StepObserver } from '@acogida/core';
import { MemoryLogStore } from '@acogida/event-log';
import { EMPTY_GATE, evolveGate, type GateEvent, type GateFile, type HoldLedgerEvent } from '@acogida/safeguards';
import { MemoryKms } from '@acogida/sealing';
import { ManualAlarmClock } from '@acogida/service-kit';
import { createTestDatabase, type DatabaseDoor, databaseDoor, eventually, type TestDatabase } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { HeldBackLog } from './held-back-log.ts';
import { LeaseClock, RaceTime } from './race-time.ts';
import { BORDER, COMAR, definitionOf, DIRECTORY, type Racer, REFUGE } from './racing-nodes.ts';
import { WatchedDoor } from './watched-door.ts';

/** How long a clearance stands in a race, in milliseconds. */
export const LEASE_MS = 5_000;
/** Longest wait for what was done to be heard everywhere, in milliseconds. */
export const PATIENCE_MS = 90_000;
const CLEARANCE_DEADLINE_MS = 2_000;

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
  readonly kms: MemoryKms;
}

/** Whole nodes on one log, each with a database of its own, that are stopped, killed and restored while they race. */
export class RaceWorld {
  readonly time = new RaceTime();
  readonly door = new WatchedDoor(this.time);
  /** Stands before each transaction by which the gate appends: for a pause between what it decided and what it writes. */
  beforeGateAppends: () => Promise<void> = async () => {};
  readonly #network: TestNetwork;
  readonly #store = new MemoryLogStore();
  readonly #places = new Map<Racer, Place>();
  readonly #lives = new Map<Racer, Life>();
  /** Lines of alarms of nodes that are gone. */
  readonly #alarmsBefore = new Map<Racer, number>();

  private constructor(network: TestNetwork) {
    this.#network = network;
  }

  /** Starts all, and has the directory list the authority. */
  static async start(): Promise<RaceWorld> {
    const world = new RaceWorld(await createTestNetwork());
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
    });
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => {});
    const end = (): void => reject(new Error(`${agency} is gone`));
    this.#lives.set(agency, { node, log, door, clock, ended, end });
  }

  /** Ends a process as its database sees it: all under way is rolled back, and nothing more comes from it. */
  async kill(agency: Racer): Promise<void> {
    const { node, door, end } = this.#lifeOf(agency);
    this.#lives.delete(agency);
    door.shut();
    end();
    await this.breakConnections(agency);
    await node.stop();
    await door.close();
    this.#alarmsBefore.set(agency, (this.#alarmsBefore.get(agency) ?? 0) + alarmsIn(node));
  }

  /** Ends all connections of a node to PostgreSQL, in the middle of whatever they do. */
  async breakConnections(agency: Racer): Promise<void> {
    const { database } = await this.#placeOf(agency);
    await database.pool.query(
      'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
  }

  async stop(): Promise<void> {
    for (const { node, door } of this.#lives.values()) {
      await node.stop();
      await door.close();
    }
    for (const { database } of this.#places.values()) await database.drop();
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

  /** How often an agency raised the alarm that a hold was overtaken. */
  alarmsOf(agency: Racer): number {
    return (this.#alarmsBefore.get(agency) ?? 0) + alarmsIn(this.at(agency));
  }

  async #placeOf(agency: Racer): Promise<Place> {
    const known = this.#places.get(agency);
    if (known !== undefined) return known;
    const place = { database: await createTestDatabase(), kms: new MemoryKms() };
    place.database.pool.on('error', () => {}); // its idle connections end with the others
    this.#places.set(agency, place);
    return place;
  }

  #lifeOf(agency: Racer): Life {
    const life = this.#lives.get(agency);
    if (life === undefined) throw new RangeError(`${agency} is not started`);
    return life;
  }
}

function alarmsIn({ logLines }: TestNode): number {
  return logLines.filter((line) => line.includes('"kind":"overtaken"')).length;
}
