import type { Pool, PoolClient } from 'pg';

/** A client that is heard from the moment it is there: the end of its connection may stand right behind its beginning. */
function heardFrom(pool: Pool, onError: (error: Error) => void): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (client === undefined) return void reject(error ?? new Error('the pool gave no client'));
      client.on('error', onError);
      resolve(client);
    });
  });
}

/**
 * Takes a client for as long as its owner needs it. A client in use that loses its connection emits `error`, which ends
 * the process when nobody listens (the pool listens to idle clients only); the query under way rejects anyway.
 */
export async function borrowClient(pool: Pool): Promise<{
  readonly client: PoolClient;
  /** Gives the client back, or closes it when it is not fit for use any more. */
  readonly giveBack: () => void;
  /** Rolls back whatever is open; a client that cannot even do that is closed when given back. */
  readonly rollBack: () => Promise<void>;
}> {
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  const client = await heardFrom(pool, onError);
  return {
    client,
    giveBack: () => {
      client.release(broken);
      // A closed client may still report its end.
      if (broken === undefined) client.off('error', onError);
    },
    rollBack: async () => {
      await client.query('ROLLBACK').catch(onError);
    },
  };
}

/** Runs `work` in a transaction of its own: commits when it resolves, rolls back when it rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const { client, giveBack, rollBack } = await borrowClient(pool);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers the commit of an aborted transaction with a rollback and no error.
    if (command !== 'COMMIT') throw new Error('the transaction was aborted by an error that its owner ignored');
    return result;
  } catch (error) {
    await rollBack();
    throw error;
  } finally {
    giveBack();
  }
}
