import { asylumNode } from '@acogida/asylum';
import { childProtectionNode } from '@acogida/child-protection';
import { counterTraffickingNode } from '@acogida/counter-trafficking';
import { directoryNode } from '@acogida/directory';
import {
  HEAD_HEADER,
  type InboxSealing,
  type LogRecord,
  MemoryEventLog,
  MemoryLogStore,
  parseEnvelope,
  topicOf,
} from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { returnReintegrationNode } from '@acogida/return-reintegration';
import { MemoryKms, type SealHeader } from '@acogida/sealing';
import type { KeysMode } from '@acogida/service-kit';
import { createTestDatabase, type DatabaseDoor, databaseDoor, eventually, type TestDatabase } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestNodeOptions,
  type TestReply,
  type TestRequestOptions,
} from '@acogida/testing/node';
import { timelineNode } from '@acogida/timeline';
import { SteadyAlarm } from './steady-alarm.ts';

export const INTAKE = 'cr-border-intake';
export const CONATT = 'cr-conatt';
export const REFUGEE_UNIT = 'cr-refugee-unit';
export const COMAR = 'mx-comar';
/** Of no test network by itself: `createTestNetwork([CHILD_WELFARE, 'child-protection', 'CR'])`. */
export const CHILD_WELFARE = 'cr-child-welfare';
/** Of no test network by itself, either: a service of the kind `return-reintegration`. */
export const RETURN_UNIT = 'cr-return-unit';
export const OMBUDSMAN = 'cr-ombudsman';
export const DIRECTORY = 'regional-directory';

const NODES = {
  [OMBUDSMAN]: timelineNode,
  [INTAKE]: intakeNode,
  [REFUGEE_UNIT]: asylumNode,
  [COMAR]: asylumNode,
  [CONATT]: counterTraffickingNode,
  [CHILD_WELFARE]: childProtectionNode,
  [RETURN_UNIT]: returnReintegrationNode,
  [DIRECTORY]: directoryNode,
} as const;
/** An agency that can be started. */
export type AgencyId = keyof typeof NODES;

/** Longest wait for what was done to be heard everywhere, in milliseconds. */
export const PATIENCE_MS = 30_000;

/** What the nodes of a network have in common. */
export interface AgencyNetworkOptions extends Pick<TestNodeOptions, 'clock' | 'erasureGraceMs' | 'withAnswerLinks'> {
  readonly keysMode: KeysMode;
  /** Has nodes reach their databases by a way that `crash` cuts. */
  readonly isCrashable?: boolean;
}

/** An event of an agency's topic, as a node reads it: null where it does not open. */
export interface ReadEvent {
  readonly number: number;
  readonly class: string;
  readonly type: string | null;
  readonly caseId: string | null;
}

/** What of an agency outlives its node. */
interface Place {
  readonly database: TestDatabase;
  readonly kms: MemoryKms;
}

/** Nodes of agencies on one log in memory, each with a database and a master key of its own. */
export class AgencyNetwork {
  readonly network: TestNetwork;
  readonly store = new MemoryLogStore();
  readonly #log = new MemoryEventLog(this.store);
  readonly #options: AgencyNetworkOptions;
  readonly #places = new Map<string, Place>();
  readonly #nodes = new Map<string, TestNode>();
  /** Ways of running nodes to their databases, where a crash is to cut them. */
  readonly #doors = new Map<string, DatabaseDoor>();

  constructor(network: TestNetwork, options: AgencyNetworkOptions) {
    this.network = network;
    this.#options = options;
  }

  /** Starts these agencies; resolves once each can seal to each of the others. */
  static async of(options: AgencyNetworkOptions, ...agencies: readonly AgencyId[]): Promise<AgencyNetwork> {
    const started = new AgencyNetwork(await createTestNetwork(), options);
    for (const agency of agencies) await started.join(agency);
    return started;
  }

  get keysMode(): KeysMode {
    return this.#options.keysMode;
  }

  /** Has an agency that was not started yet start on this database, which goes with the network. */
  place(agencyId: AgencyId, database: TestDatabase): void {
    this.#places.set(agencyId, { database, kms: new MemoryKms() });
  }

  /** Starts an agency, again where it was there before; resolves once it and those that run can seal to each other. */
  async join(agencyId: AgencyId): Promise<void> {
    const { database, kms } = await this.#placeOf(agencyId);
    const { isCrashable = false, ...shared } = this.#options;
    const log = new MemoryEventLog(this.store);
    const options = { ...shared, agencyId, log, kms, database, network: this.network };
    const reach = isCrashable ? { reachDatabase: await this.#reachOf(agencyId), alarm: new SteadyAlarm() } : {};
    this.#nodes.set(agencyId, await startTestNode(NODES[agencyId], { ...options, ...reach }));
    await eventually(async () => this.#assertReady(), PATIENCE_MS);
  }

  /** Stops a node in order. */
  async leave(agencyId: string): Promise<void> {
    const node = this.at(agencyId);
    this.#nodes.delete(agencyId);
    await node.stop();
    await this.#doors.get(agencyId)?.close();
    this.#doors.delete(agencyId);
  }

  /** Ends a node as its database sees a crash: everything under way is rolled back, and nothing more comes from it. */
  async crash(agencyId: string): Promise<void> {
    const door = this.#doors.get(agencyId);
    if (door === undefined) throw new RangeError(`${agencyId} was not started to be crashed`);
    door.shut();
    await this.databaseOf(agencyId).pool.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM (
         SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         ORDER BY wait_event_type = 'Lock' DESC NULLS LAST) AS other`,
    );
    await this.leave(agencyId);
  }

  async stop(): Promise<void> {
    for (const agency of [...this.#nodes.keys()].reverse()) await this.leave(agency);
    await this.#log.close();
    for (const { database } of this.#places.values()) await database.drop();
  }

  at(agency: string): TestNode {
    const node = this.#nodes.get(agency);
    if (node === undefined) throw new RangeError(`${agency} is not started`);
    return node;
  }

  kmsOf(agency: string): MemoryKms {
    const place = this.#places.get(agency);
    if (place === undefined) throw new RangeError(`${agency} was never started`);
    return place.kms;
  }

  /** The database of an agency, also while its node does not run. */
  databaseOf(agency: string): TestDatabase {
    const place = this.#places.get(agency);
    if (place === undefined) throw new RangeError(`${agency} was never started`);
    return place.database;
  }

  /** Puts a copy in the place of the database of an agency whose node does not run, as a restore does; it goes with the network. */
  async restore(agency: string, copy: TestDatabase): Promise<void> {
    const place = this.#places.get(agency);
    if (place === undefined) throw new RangeError(`${agency} was never started`);
    await place.database.drop();
    this.#places.set(agency, { ...place, database: copy });
  }

  /** Every event record of an agency's topic. */
  async recordsOf(agency: string): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const page of this.#log.read(topicOf(agency), 0n)) {
      records.push(...page.filter(({ headers }) => !(HEAD_HEADER in headers)));
    }
    return records;
  }

  /** Every event of an agency's topic, as a node reads it with the keys that it has now. */
  async readAt(reader: string, source: string): Promise<readonly ReadEvent[]> {
    const { sealing } = this.at(reader).node.runtime;
    const events: ReadEvent[] = [];
    for (const record of await this.recordsOf(source)) {
      const { keyId, data, number, class: clearClass, ...rest } = parseEnvelope(record.value);
      const text = keyId === null ? data : await textOf(sealing, { ...rest, class: clearClass, keyId }, data);
      const said = text === null ? null : (JSON.parse(text) as { type: string; caseId: string | null });
      events.push({ number, class: clearClass, type: said?.type ?? null, caseId: said?.caseId ?? null });
    }
    return events;
  }

  /** Types of what opens at a node of an agency's events of a case, in order. */
  async typesAt(reader: string, source: string, caseId: string): Promise<readonly string[]> {
    const events = await this.readAt(reader, source);
    return events.flatMap((event) => (event.type !== null && event.caseId === caseId ? [event.type] : []));
  }

  /** @throws Error the node did not take it */
  async does<T = TestReply['body']>(
    agency: string,
    path: string,
    body: object,
    options: TestRequestOptions,
  ): Promise<Omit<TestReply, 'body'> & { readonly body: T }> {
    const reply = await this.at(agency).post(path, body, options);
    if (reply.status >= 300) throw new Error(`${agency} ${path}: ${reply.status} ${reply.text}`);
    return reply;
  }

  async #placeOf(agencyId: string): Promise<Place> {
    const known = this.#places.get(agencyId);
    if (known !== undefined) return known;
    const place = { database: await createTestDatabase(), kms: new MemoryKms() };
    this.#places.set(agencyId, place);
    return place;
  }

  async #reachOf(agencyId: string): Promise<(url: string) => string> {
    const door = await databaseDoor();
    this.#doors.set(agencyId, door);
    return door.reach;
  }

  #assertReady(): void {
    const agencies = [...this.#nodes.keys()];
    for (const one of agencies) {
      const { peers } = this.at(one).node.runtime.caseKeys ?? {};
      const unready = agencies.filter((other) => other !== one && peers?.isReady(other) === false);
      if (unready.length > 0) throw new Error(`${one} cannot seal to ${unready.join()}`);
    }
  }
}

async function textOf(sealing: InboxSealing, header: SealHeader, data: string): Promise<string | null> {
  await sealing.prepare([header]);
  let reading = sealing.read(header, data);
  if (reading.kind === 'wanting') {
    await sealing.load(reading.wanted);
    reading = sealing.read(header, data);
  }
  return reading.kind === 'opened' ? reading.text : null;
}
