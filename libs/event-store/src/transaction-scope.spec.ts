import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listenWithinReach } from '@acogida/testing';
import pg from 'pg';
import { inTransaction } from './transaction-scope.ts';

/** One message of PostgreSQL's protocol, by its letter. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.from(`${letter}....`);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

/** Ends each connection as it begins: what it says of both comes in one piece, as to a process that was busy meanwhile. */
function endingServer(): Server {
  return createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([WELCOME, ENDED])));
  });
}

describe('a transaction whose connection is ended as it begins', () => {
  const server = endingServer();
  let pool: pg.Pool;

  beforeAll(async () => {
    const port = await listenWithinReach(server);
    pool = new pg.Pool({ host: '127.0.0.1', port, user: 'nobody', database: 'none', ssl: false });
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  });

  // an error that nobody hears fails a spec, as it ends a process
  it('rejects, and ends no process', async () => {
    await expect(inTransaction(pool, async () => 'done')).rejects.toThrow(/terminat|queryable/);
    expect(pool.totalCount).toBe(0);
  });
});
