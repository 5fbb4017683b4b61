import { describe, expect, it } from '@jest/globals';
import { KeyRing, KeyStore, makeCaseKeySet } from '@acogida/sealing';
import { SimulatedClock } from '../simulated/simulated-clock.ts';
import { SimulatedRandomness } from '../simulated/simulated-randomness.ts';
import { MemoryMachine } from './memory-machine.ts';

const AT = '2026-11-22T09:00:00.000Z';
const [KEPT, LOST] = ['9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11', '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b12'];
const OFFER_KEY = { agency: 'mx-comar', x: 'x', validFrom: AT, validThrough: '2026-11-30T00:00:00.000Z' };

describe('the machine of a simulated node', () => {
  it('keeps keys and events together: what a process ended in is gone, what it committed opens after a start', async () => {
    const machine = new MemoryMachine();
    const { database, keyRows: rows, kms, peerOfferKeys } = machine;
    const randomness = new SimulatedRandomness('spec');
    const events = database.table<string>('event');
    const open = () => {
      const ring = new KeyRing({ network: '0'.repeat(64), agency: 'cr-conatt' });
      return KeyStore.open({ agency: 'cr-conatt', ring, rows, kms, randomness, clock: new SimulatedClock(AT) });
    };
    const store = await open();
    const keep = (caseId: string, end: () => void) =>
      database.transaction(async (transaction) => {
        events.set(transaction, caseId, 'opened');
        await store.insertSet(transaction, makeCaseKeySet(caseId, 1, randomness), AT);
        await peerOfferKeys.note(transaction, [{ ...OFFER_KEY, keyId: caseId }]);
        end();
      });
    await keep(KEPT, () => {});
    const lost = keep(LOST, () => database.crash());
    expect(await Promise.race([lost, new Promise((resolve) => setImmediate(resolve, 'ended'))])).toBe('ended');
    const again = await open();
    await database.transaction(async (transaction) => {
      expect(await again.keysOf(transaction, KEPT)).toHaveLength(4);
      expect(await again.keysOf(transaction, LOST)).toEqual([]);
      expect(await peerOfferKeys.since(transaction, AT)).toEqual([{ ...OFFER_KEY, keyId: KEPT }]);
      expect([...events.rows(transaction).keys()]).toEqual([KEPT]);
    });
  });
});
