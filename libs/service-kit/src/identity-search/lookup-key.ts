import type { Clock } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { IndexKey, type KeyStore, type Randomness } from '@acogida/sealing';
import type pg from 'pg';

/** Any constant that nothing else in a node's database locks. */
const LOOKUP_KEY_LOCK = 4_170_226_331;

/** What the key of lookup tokens is kept in. */
export interface LookupKeyParts {
  readonly pool: pg.Pool;
  readonly keyStore: Pick<KeyStore, 'agencySecrets' | 'insert'>;
  readonly randomness: Randomness;
  readonly clock: Clock;
}

/** The key that this node keeps lookup tokens under; the first process makes it. One that no longer opens is replaced. */
export async function openLookupKey({ pool, keyStore, randomness, clock }: LookupKeyParts): Promise<IndexKey> {
  return inTransaction(pool, async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [LOOKUP_KEY_LOCK]);
    const [newest] = await keyStore.agencySecrets(transaction, 'index');
    if (newest !== undefined) return new IndexKey(newest.expose());
    const key = IndexKey.make(randomness);
    const { keyId, secret } = key;
    await keyStore.insert(transaction, [{ kind: 'agency', use: 'index', keyId, validFrom: clock.now(), secret }]);
    return key;
  });
}

/** Asks once, and again after a failure. */
export function rememberedKey(open: () => Promise<IndexKey>): () => Promise<IndexKey> {
  let opened: Promise<IndexKey> | null = null;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}
