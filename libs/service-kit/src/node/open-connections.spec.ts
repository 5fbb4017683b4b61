import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTransientDatabaseError } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { ConsoleLogger } from '@nestjs/common';
import type pg from 'pg';
import { toProblem } from '../http/problem-mapping.ts';
import { openPool } from './open-connections.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool({ databaseUrl: database.url }, new ConsoleLogger({ logLevels: [] }));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What ends the statement, on a connection whose limits are made short. */
async function failureOf(statements: readonly string[]): Promise<unknown> {
  const client = await pool.connect();
  client.on('error', () => {});
  try {
    for (const statement of statements) await client.query(statement);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    client.release(true);
  }
}

describe("the node's pool", () => {
  it('keeps connections alive and lets nothing hang for ever', async () => {
    expect(pool.options.keepAlive).toBe(true);
    const { rows } = await pool.query(
      `SELECT current_setting('statement_timeout') AS statement,
              current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(rows).toEqual([{ statement: '1min', idle: '1min' }]);
  });

  it('a statement that took too long may be tried again: 503', async () => {
    const error = await failureOf(['SET statement_timeout = 20', 'SELECT pg_sleep(30)']);
    expect(error).toMatchObject({ code: '57014' });
    expect(isTransientDatabaseError(error)).toBe(true);
    expect(toProblem(error, false)).toMatchObject({ status: 503, code: 'TEMPORARILY_UNAVAILABLE' });
  });
});
