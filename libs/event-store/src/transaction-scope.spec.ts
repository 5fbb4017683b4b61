import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EndingServer, endingServer } from '@acogida/testing';
import pg from 'pg';
import { inTransaction } from './transaction-scope.ts';

describe('a transaction whose connection is ended as it begins', () => {
  let server: EndingServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await endingServer();
    pool = new pg.Pool({ connectionString: server.url });
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool.end();
    await server.close();
  });

  // an error that nobody hears fails a spec, as it ends a process
  it('rejects, and ends no process', async () => {
    await expect(inTransaction(pool, async () => 'done')).rejects.toThrow(/terminat|queryable/);
    expect(pool.totalCount).toBe(0);
  });
});
