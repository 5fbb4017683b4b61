import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { type HoldLedgerEvent, LONGEST_LEASE_MS, unknownLeases } from '@acogida/safeguards';
import { MemoryKms } from '@acogida/sealing';
import { copyTestDatabase, createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { ForgottenLeases } from './forgotten-leases.ts';
import { holdDeadlines } from './hold-deadlines.ts';
import { asks, AuthorityBench, BORDER, questionOf, REFUGE, RETURNS } from './testing/authority-bench.ts';
import { RestoredHolds } from './restored-holds.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const OPERATOR = { roles: ['operator'] } as const;
const SUPERVISOR = { roles: ['supervisor'] } as const;

/** An authority that goes on from an older copy of its database. */
class RestoredAuthority {
  readonly bench = new AuthorityBench();
  readonly #log = new MemoryLogStore();
  readonly #kms = new MemoryKms();
  readonly #network: TestNetwork;
  #database: TestDatabase;
  #node: TestNode | undefined;

  private constructor(network: TestNetwork, database: TestDatabase) {
    this.#network = network;
    this.#database = database;
  }

  static async start(): Promise<RestoredAuthority> {
    const network = await createTestNetwork([RETURNS, 'return-reintegration', 'CR']);
    const authority = new RestoredAuthority(network, await createTestDatabase());
    await authority.#boot();
    return authority;
  }

  get node(): TestNode {
    if (this.#node === undefined) throw new Error('it is not there');
    return this.#node;
  }

  async #boot(): Promise<void> {
    this.bench.monotonic.restart();
    this.#node = await startTestNode(this.bench.definition(), {
      ...{ network: this.#network, agencyId: REFUGE, database: this.#database, kms: this.#kms },
      ...{ log: new MemoryEventLog(this.#log), keysMode: 'cases', logLevel: 'error' },
    });
  }

  /** Another process on the same database. */
  async startAgain(): Promise<void> {
    await this.node.stop();
    await this.#boot();
  }

  copy(): Promise<TestDatabase> {
    return copyTestDatabase(this.#database);
  }

  async restore(copy: TestDatabase): Promise<void> {
    await this.node.stop();
    await this.#database.drop();
    this.#database = copy;
    await this.#boot();
  }

  async place(caseId: string): Promise<string> {
    const { status, body } = await this.node.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
    expect([status, body.isProtected]).toEqual([201, true]);
    return body.id as string;
  }

  async lift(caseId: string, holdId: string): Promise<void> {
    const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
    const proposed = await this.node.post(`${path}/proposal`, { reason: 'INFORMED_WAIVER' }, OFFICER);
    const confirmed = await this.node.post(`${path}/confirmation`, { reason: 'INFORMED_WAIVER' }, SUPERVISOR);
    expect([proposed.status, confirmed.status]).toEqual([200, 200]);
  }

  async ledgerOf(caseId: string): Promise<readonly HoldLedgerEvent[]> {
    return (await this.node.node.runtime.store.readStream(`hold-ledger-${caseId}`)) as never;
  }

  async attest(): Promise<void> {
    const loss = { reason: 'STORAGE_LOST', statements: ['NO_PRIVATE_WORK_LOST'] };
    const { status } = await this.node.post('/v1/operations/recovery/attestation', loss, OPERATOR);
    expect(status).toBe(200);
  }

  /** What its deadline does once the time of what a hold waits for has come. */
  async leasesAreOver(id: string): Promise<void> {
    const { context, clock } = this.node.node.runtime;
    const now = clock.now();
    const metadata = { actor: 'a-deadline', correlationId: randomUUID(), causation: null };
    const forgotten = this.node.node.app.get(ForgottenLeases);
    await inTransaction(this.node.pool, (transaction) =>
      holdDeadlines(this.bench.monotonic, forgotten).handle(
        { stream: `hold-ledger-${id}`, id, kind: 'LEASES_END', dueAt: now },
        {
          ...{ now, node: context, transaction, lookAgainAt: () => {} },
          run: (command) => context.handler.executeWithin(transaction, { ...command, ...metadata }),
        },
      ),
    );
  }

  /** Once all that it said stands on the log. */
  published(): Promise<void> {
    return eventually(async () => {
      const { rowCount } = await this.node.pool.query('SELECT FROM es.outbox WHERE number IS NULL');
      const done = await this.node.pool.query('SELECT FROM relay.cursor WHERE published_through = last_number');
      expect([rowCount, done.rowCount]).toEqual([0, 1]);
    });
  }

  async stop(): Promise<void> {
    await this.#node?.stop();
    await this.#database.drop();
  }
}

const typesIn = (events: readonly HoldLedgerEvent[]) => events.map(({ type }) => type);

describe('an authority that goes on from an older copy', () => {
  let authority: RestoredAuthority;
  beforeAll(async () => {
    authority = await RestoredAuthority.start();
  });
  afterAll(() => authority?.stop());
  beforeEach(() => authority.bench.monotonic.pass(2 * LONGEST_LEASE_MS)); // what an earlier restore forgot is over

  it('S1 S3 has its holds wait again: one was lifted since, and a gate cleared, whose warrant is valid yet', async () => {
    const { bench } = authority;
    const [lifted, kept, over] = [bench.newCase(), bench.newCase(), bench.newCase()] as const;
    const holdId = await authority.place(lifted);
    const keptId = await authority.place(kept);
    await authority.lift(over, await authority.place(over));
    const copy = await authority.copy();
    await authority.lift(lifted, holdId);
    expect(await asks(authority.node.node, questionOf(lifted))).toMatchObject({ isGranted: true });
    await authority.published();
    await authority.restore(copy);

    const exposed = (awaits: readonly (string | null)[], id: string) => ({
      type: 'HoldExposed',
      data: expect.objectContaining({
        holdId: id,
        awaits: awaits.map((gate) => ({ gate, clearanceId: null, count: expect.anything() })),
      }),
    });
    const before = ['HoldPlaced', 'HoldProtected'];
    const halts = [BORDER, RETURNS].map((gate) => ({
      type: 'HaltOrdered',
      data: { holdId, gate, clearanceIds: [], orderedAt: expect.any(String) },
    }));
    const ledger = await authority.ledgerOf(lifted);
    expect(typesIn(ledger).slice(0, 2)).toEqual(before);
    expect(ledger.slice(2)).toMatchObject([exposed([BORDER, RETURNS, null], holdId), ...halts]);
    const other = await authority.ledgerOf(kept);
    expect(other.slice(2)).toMatchObject([exposed([null], keptId)]);
    expect(typesIn(await authority.ledgerOf(over))).toEqual([...before, 'HoldLiftProposed', 'HoldLifted']);
    const shown = await authority.node.get(`/v1/cases/${kept}/protection`, OFFICER);
    expect([shown.body.status, shown.body.since]).toEqual(['NOT_YET_PROTECTED', null]);
    await authority.node.node.app.get(RestoredHolds).expose();
    await authority.startAgain();
    expect((await authority.ledgerOf(kept)).length).toBe(other.length);
  });

  it('S1 clears again once the longest lease is over since it has its own events back, also where nobody asked meanwhile', async () => {
    const { bench } = authority;
    const [caseId, before] = [bench.newCase(), bench.newCase()] as const;
    const copy = await authority.copy();
    await authority.place(before);
    await authority.published();
    await authority.restore(copy);
    const { spanMs } = unknownLeases(bench.monotonic.read(), 10);
    bench.monotonic.pass(LONGEST_LEASE_MS);
    expect(await asks(authority.node.node, questionOf(caseId))).toMatchObject({ reasons: ['AWAITS_ATTESTATION'] });
    bench.monotonic.pass(spanMs - LONGEST_LEASE_MS);
    expect(await asks(authority.node.node, questionOf(caseId))).toMatchObject({ isGranted: true });
  });

  it('S3 protects its holds again then, and no process after that has them wait', async () => {
    const { bench } = authority;
    const caseId = bench.newCase();
    await authority.place(caseId);
    const copy = await authority.copy();
    await authority.place(bench.newCase());
    await authority.published();
    await authority.restore(copy);
    await authority.attest();
    bench.monotonic.pass(2 * LONGEST_LEASE_MS);
    await authority.leasesAreOver(caseId);
    await authority.startAgain();
    const types = ['HoldPlaced', 'HoldProtected', 'HoldExposed', 'HoldProtected'];
    expect(typesIn(await authority.ledgerOf(caseId))).toEqual(types);
    expect(await asks(authority.node.node, questionOf(bench.newCase()))).toMatchObject({ isGranted: true });
  });
});
