import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { RecoveryGate } from './recovery-gate.ts';
import { RelayingNode } from './testing/relaying-node.ts';
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
