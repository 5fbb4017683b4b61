import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { RecoveryGate } from './recovery-gate.ts';
import { LOST_SEALER, RelayingNode } from './testing/relaying-node.ts';
import { MemoryLogStore } from './memory-log.ts';

const LOST_STREAM = 'case-intake-lost';
/** What it published for the circle of care: the one chain that the log says more of than the copy. */
const LOST_CHAIN = `${LOST_STREAM}~care`;
const AT = '2026-11-22T10:00:00.000Z';

let lost: RelayingNode;
let restored: RelayingNode;
let gate: RecoveryGate;

beforeAll(async () => {
  lost = await RelayingNode.create();
  await lost.useLog(new MemoryLogStore());
  await lost.commit(1, LOST_STREAM);
  await lost.publishAll();
  restored = await lost.copy();
  await lost.commit(1, LOST_CHAIN);
  await lost.publishAll();
  gate = new RecoveryGate(restored.database.pool);
});

afterAll(async () => {
  await lost.database.drop();
  await restored.database.drop();
});

describe('what waits after a restore', () => {
  it('is nothing before there was one', async () => {
    await gate.load();
    expect([gate.isRecovering(), gate.awaitsAttestation()]).toEqual([false, false]);
    expect(await gate.status()).toMatchObject({ state: 'none', incarnation: 1, restoredThrough: null, lostEvents: [] });
    const attested = gate.attest({ actor: 'a', reason: 'OTHER', statements: ['LOST_EVENTS_REVIEWED'], at: AT });
    await expect(attested).rejects.toMatchObject({ code: 'RECOVERY.NOTHING_TO_ATTEST' });
  });

  it('is everything while the events are taken back in, then only what lost its private work, and every clearance', async () => {
    const seen: boolean[] = [];
    let isLoaded = false;
    const options = restored.recovering({
      onStarted: () => {
        gate.begin();
        seen.push(gate.isRecovering(), gate.awaitsAttestation());
      },
    });
    const relay = restored.relayOf({
      ...options,
      onTailCompared: async () => {
        await gate.load();
        isLoaded = true;
      },
    });
    await relay.start();
    await eventually(() => expect(isLoaded).toBe(true));
    await relay.stop();
    expect(seen).toEqual([true, true]);
    expect([gate.isRecovering(), gate.awaitsAttestation()]).toEqual([false, true]);
    gate.assertAccepts('case-intake-other');
    expect(() => gate.assertAccepts(LOST_STREAM)).toThrow(
      expect.objectContaining({ code: 'STREAM_AWAITS_ATTESTATION', kind: 'conflict' }),
    );
    expect(await gate.status()).toEqual({
      ...{ state: 'awaiting-attestation', incarnation: 2, restoredThrough: 1, takenThrough: 2 },
      lostEvents: [{ number: 2, eventId: expect.any(String), class: 'case', type: 'CaseOpened', stream: LOST_CHAIN }],
    });
  });

  it('is open again once an officer has attested, who is written down, and the topic is compared', async () => {
    gate.begin();
    await gate.attest({
      ...{ actor: 'cr-border-intake.operator', reason: 'STORAGE_LOST', at: AT },
      statements: ['LOST_EVENTS_REVIEWED', 'PRIVATE_WORK_RECORDED_AGAIN'],
    });
    gate.assertAccepts(LOST_STREAM);
    expect([gate.isRecovering(), gate.awaitsAttestation()]).toEqual([true, true]);
    await gate.load();
    expect([gate.isRecovering(), gate.awaitsAttestation()]).toEqual([false, false]);
    expect(await gate.status()).toMatchObject({ state: 'attested', lostEvents: [] });
    const { rows } = await restored.database.pool.query(
      'SELECT reason, statements, actor, attested_at FROM relay.attestation',
    );
    expect(rows).toEqual([
      {
        reason: 'STORAGE_LOST',
        statements: ['LOST_EVENTS_REVIEWED', 'PRIVATE_WORK_RECORDED_AGAIN'],
        actor: 'cr-border-intake.operator',
        attested_at: new Date(AT),
      },
    ]);
  });
});

describe('what is looked up of a restore', () => {
  it('is open once it was attested, however long a look takes that began before', async () => {
    const began = Promise.withResolvers<void>();
    const slow = Promise.withResolvers<void>();
    let state = 'awaiting-attestation';
    const pool = {
      query: async (text: string) => {
        if (text.includes('AS since')) return { rows: [{ since: null }] };
        const rows = state === 'attested' ? [] : [{ stream: LOST_STREAM }];
        if (rows.length > 0) {
          began.resolve();
          await slow.promise;
        }
        return { rows };
      },
    };
    const looking = new RecoveryGate(pool as never);
    const first = looking.load();
    await began.promise;
    state = 'attested';
    const second = looking.look();
    await new Promise(setImmediate); // it would be done by now
    slow.resolve();
    await Promise.all([first, second]);
    expect(looking.awaitsAttestation()).toBe(false);
    looking.assertAccepts(LOST_STREAM);
  });

  it('is looked up again after a look that failed', async () => {
    let fails = true;
    const query = async () => {
      if (fails) throw new Error('the database is away');
      return { rows: [] };
    };
    const looking = new RecoveryGate({ query } as never);
    await expect(looking.look()).rejects.toThrow('away');
    fails = false;
    await looking.load();
    expect(looking.awaitsAttestation()).toBe(false);
  });
});

describe('what waits where lost events do not open any more', () => {
  const KNOWN = 'referral-known';
  const CLEAR = 'agency-a';
  const opened: RelayingNode[] = [];
  let node: RelayingNode;

  beforeAll(async () => {
    node = await RelayingNode.create();
    opened.push(node);
    await node.useLog(new MemoryLogStore());
    await node.commit(1, KNOWN);
    await node.commitMany(1); // in clear, of CLEAR
    await node.publishAll();
  });

  afterAll(() => Promise.all(opened.map(({ database }) => database.drop())));

  /** A copy of the node, which says more afterwards; the copy has recovered from that. */
  async function restoredAfter(life: (node: RelayingNode) => Promise<unknown>): Promise<RecoveryGate> {
    const copy = await node.copy();
    opened.push(copy);
    await life(node);
    await node.publishAll();
    const found = new RecoveryGate(copy.database.pool);
    let isLoaded = false;
    const relay = copy.relayOf({
      ...copy.recovering(),
      onTailCompared: async () => {
        await found.load();
        isLoaded = true;
      },
    });
    await relay.start();
    await eventually(() => expect(isLoaded).toBe(true));
    await relay.stop();
    node = copy;
    return found;
  }

  const accepts = (found: RecoveryGate, stream: string): boolean => {
    try {
      found.assertAccepts(stream);
      return true;
    } catch {
      return false;
    }
  };
  const attest = (found: RecoveryGate): Promise<void> =>
    found.attest({ actor: 'a', reason: 'STORAGE_LOST', statements: ['PRIVATE_WORK_NOT_KNOWN'], at: AT });

  it('is every stream that had published under a seal; what stands in clear goes on, and what is new begins', async () => {
    const found = await restoredAfter((life) => life.commit(1, 'referral-lost', LOST_SEALER));
    expect([KNOWN, `case-keys-new`, CLEAR, 'referral-lost'].map((stream) => accepts(found, stream))).toEqual([
      ...[false, true, true, true],
    ]);
    expect(await found.status()).toMatchObject({
      lostEvents: [{ number: 3, class: 'case', type: null, stream: null }],
    });
  });

  it('opens with the attestation; sealed chains are begun anew from that incarnation on, also at the next start', async () => {
    const found = new RecoveryGate(node.database.pool);
    expect(found.chainsSince()).toBeNull();
    await found.look();
    expect([found.chainsSince(), accepts(found, KNOWN)]).toEqual([2, false]);
    await attest(found);
    expect([found.chainsSince(), accepts(found, KNOWN)]).toEqual([2, true]);
  });

  it('is what is named alone after a restore of which everything opens, and the chains of before go on', async () => {
    const found = await restoredAfter((life) => life.commit(1, 'referral-later'));
    expect([KNOWN, 'referral-later'].map((stream) => accepts(found, stream))).toEqual([true, false]);
    expect(found.chainsSince()).toBe(2);
    await attest(found);
  });

  it('begins chains anew once more where something does not open once more', async () => {
    const found = await restoredAfter((life) => life.commit(1, 'referral-latest', LOST_SEALER));
    expect([found.chainsSince(), accepts(found, KNOWN)]).toEqual([4, false]);
  });

  /** The first event of a stream of a case, of which nothing was published. */
  async function begin(of: RelayingNode, stream: string, recordedAt: string): Promise<void> {
    await of.database.pool.query(
      `INSERT INTO es.event (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by)
       VALUES ($1, 1, gen_random_uuid(), '', 1, $2, 'sealed', 'salt', 'hash', 'key')`,
      [stream, recordedAt],
    );
  }

  it('is also what had private events of a case alone: its first word may be among the lost ones', async () => {
    await begin(node, 'screening-private', '2026-01-01T00:00:00.000Z');
    const found = await restoredAfter((life) => life.commit(1, 'referral-lost', LOST_SEALER));
    await begin(node, 'screening-new', '2999-01-01T00:00:00.000Z');
    await found.look();
    expect([KNOWN, 'screening-private', 'screening-new'].map((stream) => accepts(found, stream))).toEqual([
      ...[false, false, true],
    ]);
    await attest(found);
    expect(accepts(found, 'screening-private')).toBe(true);
  });
});
