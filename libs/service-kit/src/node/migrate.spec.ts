import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EndingServer, endingServer, freePort } from '@acogida/testing';
import pg from 'pg';
import { toProblem } from '../http/problem-mapping.ts';
import { runMigrations, whileDatabaseComesUp } from './migrate.ts';

/** Connects once and leaves. */
async function visit(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  await client.end();
}

describe('a database on whose port nobody listens yet', () => {
  it('is waited for', async () => {
    const nowhere = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    let [attempts, retries] = [0, 0];
    const work = async (): Promise<string> => {
      attempts += 1;
      if (attempts === 1) await visit(nowhere);
      return 'done';
    };
    expect(await whileDatabaseComesUp(work, () => (retries += 1))).toBe('done');
    expect([attempts, retries]).toEqual([2, 1]);
  });

  it('is answered 503 meanwhile', async () => {
    const refused: unknown = await visit(`postgres://nobody@127.0.0.1:${await freePort()}/none`).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    expect(toProblem(refused, false)).toMatchObject({ status: 503, code: 'TEMPORARILY_UNAVAILABLE' });
  });
});

describe('migrations whose connection is ended as it begins', () => {
  let server: EndingServer;

  beforeAll(async () => {
    server = await endingServer();
  });
  afterAll(() => server.close());

  // an error that nobody hears fails a spec, as it ends a process
  it('may be tried again, and end no process', async () => {
    const failure: unknown = await runMigrations(server.url, []).catch((error: unknown) => error);
    expect(toProblem(failure, false)).toMatchObject({ status: 503, code: 'TEMPORARILY_UNAVAILABLE' });
  });
});
