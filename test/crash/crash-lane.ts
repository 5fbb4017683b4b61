import { deepStrictEqual } from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { eventLogMigrations, inboxCounts, relayCounts, topicOf } from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import type { CrashingNodeSetup, CrashPoint } from './crash-protocol.ts';
import { SupervisedNode } from './supervised-node.ts';

/** Appends of one round, to as many streams; each becomes one event on the log. */
const APPENDS_PER_ROUND = 3;
const RECOVERY_LIMIT_MS = 180_000;
const POLL_INTERVAL_MS = 250;
const ASK_AGAIN_MS = 500;

/** What a lane found after all its rounds. */
export interface LaneReport {
  readonly crashes: number;
  readonly recovered: number;
}

/** A sender and a receiver with databases, keys and a topic of their own, crashed again and again at one point. */
export class CrashLane {
  readonly #point: CrashPoint;
  readonly #databases: { readonly sender: TestDatabase; readonly receiver: TestDatabase };
  readonly #sender: SupervisedNode;
  readonly #receiver: SupervisedNode;
  readonly #senderId: string;
  #round = 0;

  private constructor(
    point: CrashPoint,
    databases: { readonly sender: TestDatabase; readonly receiver: TestDatabase },
    nodes: { readonly sender: SupervisedNode; readonly receiver: SupervisedNode },
    senderId: string,
  ) {
    this.#point = point;
    this.#databases = databases;
    this.#sender = nodes.sender;
    this.#receiver = nodes.receiver;
    this.#senderId = senderId;
  }

  /** Makes databases and keys and starts both nodes. */
  static async start(point: CrashPoint, log: CrashingNodeSetup['log']): Promise<CrashLane> {
    const name = `${point.moment}-${point.step}-${randomUUID().slice(0, 8)}`;
    const migrations = [...eventStoreMigrations, ...eventLogMigrations];
    const [sender, receiver] = await Promise.all([createTestDatabase(migrations), createTestDatabase(migrations)]);
    await receiver.pool.query(
      'CREATE TABLE noted (place bigserial, source text, number integer, event_id uuid, visit text)',
    );
    const keys = generateKeyPairSync('ed25519');
    const shared = { log, sealingKey: randomBytes(32).toString('base64'), caseId: randomUUID() };
    const setupOf = (agencyId: string, { url }: TestDatabase, pair = generateKeyPairSync('ed25519')) => ({
      ...shared,
      agencyId,
      databaseUrl: url,
      keyId: `${agencyId}-1`,
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    });
    const senderId = `${name}-a`;
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const nodes = {
      sender: new SupervisedNode({ ...setupOf(senderId, sender, keys), peers: [] }),
      receiver: new SupervisedNode({
        ...setupOf(`${name}-b`, receiver),
        peers: [{ agencyId: senderId, keyId: `${senderId}-1`, publicKey }],
      }),
    };
    await Promise.all([nodes.sender.start(), nodes.receiver.start()]);
    return new CrashLane(point, { sender, receiver }, nodes, senderId);
  }

  /**
   * One crash: appends are asked for, the node that comes to the point ends by SIGKILL and starts again, what was not
   * answered is asked again, and in the end both sides agree on every event.
   *
   * @throws an assertion with the complaints of both nodes when they do not within `RECOVERY_LIMIT_MS`
   */
  async crashOnce(): Promise<void> {
    this.#round += 1;
    const isAtReceiver = this.#point.step === 'inbox' || this.#point.step === 'offset-commit';
    const victim = isAtReceiver ? this.#receiver : this.#sender;
    await victim.arm(this.#point);
    await this.#askUntil(() => victim.diedBy !== null);
    const signal = victim.diedBy;
    if (signal !== 'SIGKILL') throw new Error(`the node ended by ${signal}, not by the crash:\n${this.#complaints()}`);
    await victim.start();
    await this.#askUntil(() => this.#keys().every((key) => this.#sender.hasAppended(key)));
    await eventually(() => this.#assertAgreement(), RECOVERY_LIMIT_MS, POLL_INTERVAL_MS).catch((error: unknown) => {
      throw new Error(`round ${this.#round}: ${this.#complaints()}`, { cause: error });
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sender.kill(), this.#receiver.kill()]);
    await this.#databases.sender.drop();
    await this.#databases.receiver.drop();
  }

  /** Topic of the sender, for looking at its bytes. */
  get topic(): string {
    return topicOf(this.#senderId);
  }

  #keys(): readonly string[] {
    return Array.from({ length: APPENDS_PER_ROUND }, (_, index) => `round-${this.#round}-visit-${index}`);
  }

  /** Asks again what is not answered, as a client does whose request failed on a busy machine. */
  async #askUntil(condition: () => boolean): Promise<void> {
    await eventually(
      () => {
        if (condition()) return;
        this.#askForRound();
        throw new Error(`round ${this.#round}, nothing happens: ${this.#complaints()}`);
      },
      RECOVERY_LIMIT_MS,
      ASK_AGAIN_MS,
    );
  }

  #askForRound(): void {
    this.#keys().forEach((key, index) => {
      if (this.#sender.hasAppended(key)) return;
      this.#sender.append({ key, visit: `${this.#senderId}-${index}`, expectedVersion: this.#round - 1 });
    });
  }

  /** What reconcile compares, and what the policy did, to the last event. */
  async #assertAgreement(): Promise<void> {
    const events = this.#round * APPENDS_PER_ROUND;
    const relay = await relayCounts(this.#databases.sender.pool);
    deepStrictEqual(relay, { ...relay, committed: events, sequenced: events, published: events });
    const [inbox] = await inboxCounts(this.#databases.receiver.pool);
    const clean = { received: events, applied: events, lastNumber: events, contiguous: true, status: 'flowing' };
    const faults = {
      duplicatesInEffect: 0,
      outOfOrder: 0,
      unverifiable: 0,
      sealed: 0,
      parked: 0,
      quarantined: 0,
      held: 0,
    };
    deepStrictEqual(inbox, { ...inbox, ...clean, ...faults });
    const noted = await this.#databases.receiver.pool.query<{ visit: string; number: number }>(
      'SELECT visit, number FROM noted ORDER BY place',
    );
    const numbers = noted.rows.map(({ number }) => number);
    deepStrictEqual(
      numbers,
      Array.from({ length: events }, (_, index) => index + 1),
    );
    deepStrictEqual(noted.rows.map(({ visit }) => visit).sort(), this.#allKeys().sort());
    const streams = await this.#databases.receiver.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM es.event WHERE stream LIKE 'visit-note-%'`,
    );
    deepStrictEqual(streams.rows[0]?.count, events);
  }

  #allKeys(): string[] {
    return Array.from({ length: this.#round }, (_, round) =>
      Array.from({ length: APPENDS_PER_ROUND }, (_unused, index) => `round-${round + 1}-visit-${index}`),
    ).flat();
  }

  #complaints(): string {
    return [...this.#sender.complaints, ...this.#receiver.complaints].slice(-20).join('\n');
  }
}
