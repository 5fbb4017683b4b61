import { createHmac, hkdfSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { IndexKey } from './index-key.ts';
import { KeyRing } from './key-ring.ts';
import { KeyStore } from './key-store.ts';
import { MemoryKeyRows } from './memory-key-rows.ts';
import { MemoryKms } from './kms/memory-kms.ts';
import { systemRandomness } from './randomness.ts';

const AT = '2026-11-23T09:00:00.000Z';

describe('a key of lookup tokens', () => {
  const bytes = Buffer.alloc(32, 7);

  it('gives equal texts equal tokens: HMAC-SHA256 under a key of its own, cut to 96 bits', () => {
    const label = JSON.stringify(['acogida', 'v1', 'lookup-token']);
    const derived = Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(32), label, 32));
    const expected = createHmac('sha256', derived).update('e:perez').digest('base64url').slice(0, 16);
    expect(new IndexKey(bytes).tokenOf('e:perez')).toBe(expected);
    expect(IndexKey.make(systemRandomness).tokenOf('e:perez')).not.toBe(expected);
  });

  it('shows no byte of itself, and is 32 bytes long', () => {
    const shown = `${inspect(new IndexKey(bytes), { depth: 9, showHidden: true })}${JSON.stringify(new IndexKey(bytes))}`;
    expect(shown).not.toContain('07 07');
    expect(shown).not.toContain('[7,7');
    expect(() => new IndexKey(Buffer.alloc(31))).toThrow(RangeError);
  });

  it('is kept wrapped, newest first, and outlives a renewal of the master key', async () => {
    const ring = new KeyRing({ network: '0'.repeat(64), agency: 'cr-conatt' });
    const rows = new MemoryKeyRows();
    const randomness = systemRandomness;
    const parts = { agency: 'cr-conatt', ring, rows, kms: new MemoryKms(), randomness, clock: { now: () => AT } };
    const store = await KeyStore.open(parts);
    const [old, fresh] = [IndexKey.make(randomness), IndexKey.make(randomness)];
    const keep = ({ keyId, secret }: IndexKey, validFrom: string) =>
      rows.inTransaction((transaction) =>
        store.insert(transaction, [{ kind: 'agency', use: 'index', keyId, validFrom, secret }]),
      );
    await keep(old, AT);
    await keep(fresh, '2026-11-24T09:00:00.000Z');
    await store.renewMasterKey();
    const kept = await rows.inTransaction((transaction) => store.agencySecrets(transaction, 'index'));
    expect(kept.map((secret) => new IndexKey(secret.expose()).keyId)).toEqual([fresh.keyId, old.keyId]);
    expect(await rows.inTransaction((transaction) => store.agencySecrets(transaction, 'transport'))).toEqual([]);
  });
});
