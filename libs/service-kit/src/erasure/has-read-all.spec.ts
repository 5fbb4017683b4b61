import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  eventLogMigrations,
  type LogRecord,
  MemoryEventLog,
  topicOf,
  writeEnvelope,
  writeHeadRecord,
} from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { leafHash, signHead } from '@acogida/ledger';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { hasReadAll } from './has-read-all.ts';

const CONATT = 'cr-conatt';
const COMAR = 'mx-comar';
const AT = '2026-11-22T09:00:00.000Z';

const { privateKey } = generateKeyPairSync('ed25519');
let database: TestDatabase;
let log: MemoryEventLog;

beforeAll(async () => {
  database = await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('TRUNCATE inbox.source_cursor CASCADE');
  log = new MemoryEventLog();
  for (const agency of [CONATT, COMAR]) await log.ensureTopic(topicOf(agency));
});

const isRead = (): Promise<boolean> => hasReadAll({ database: database.pool, log, others: () => [CONATT, COMAR] });

async function read(source: string, lastNumber: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO inbox.source_cursor (source, last_number) VALUES ($1, $2)
     ON CONFLICT (source) DO UPDATE SET last_number = excluded.last_number`,
    [source, lastNumber],
  );
}

function event(source: string, number: number): LogRecord {
  const sealed = { class: 'case' as const, subject: 'pseudonym', time: AT, keyId: 'key', data: 'AAAA' };
  return { value: writeEnvelope({ id: randomUUID(), source, number, ...sealed }), headers: {} };
}

function head(agency: string, number: number): LogRecord {
  const tree = { treeSize: number, treeHead: leafHash('tree') };
  const signed = { agency, incarnation: 1, number, ...tree, keyId: 'key', signedAt: AT, sequence: 1 };
  return writeHeadRecord(signHead(privateKey, signed));
}

describe('everything that others have said', () => {
  it('is read where they have said nothing', async () => {
    expect(await isRead()).toBe(true);
  });

  it('is not read while an event of one of them is not', async () => {
    await log.publish(topicOf(CONATT), [event(CONATT, 1), event(CONATT, 2)]);
    await log.publish(topicOf(COMAR), [event(COMAR, 1)]);
    expect(await isRead()).toBe(false);
    await read(CONATT, 2);
    expect(await isRead()).toBe(false);
    await read(COMAR, 1);
    expect(await isRead()).toBe(true);
  });

  it('is not read while something that was taken in waits', async () => {
    await log.publish(topicOf(CONATT), [event(CONATT, 1)]);
    await read(CONATT, 1);
    await database.pool.query('UPDATE inbox.source_cursor SET unsettled = 1');
    expect(await isRead()).toBe(false);
    await database.pool.query('UPDATE inbox.source_cursor SET unsettled = 0');
    expect(await isRead()).toBe(true);
  });

  it('is not read while a head tells of more', async () => {
    await log.publish(topicOf(CONATT), [event(CONATT, 1), head(CONATT, 2)]);
    await read(CONATT, 1);
    expect(await isRead()).toBe(false);
    await read(CONATT, 2);
    expect(await isRead()).toBe(true);
  });

  it('is not read where old bytes were published again behind what is new', async () => {
    const [first, second] = [event(CONATT, 1), event(CONATT, 2)];
    await log.publish(topicOf(CONATT), [first, second, first]);
    await read(CONATT, 1);
    expect(await isRead()).toBe(false);
  });

  it('is read though something else stands at the end of a topic', async () => {
    const others: LogRecord[] = [
      { value: 'no event', headers: {} },
      { value: 'no head', headers: { head: 'v1' } },
    ];
    await log.publish(topicOf(CONATT), [event(CONATT, 1), ...others]);
    await read(CONATT, 1);
    expect(await isRead()).toBe(true);
  });

  it('is asked of the end alone', async () => {
    await log.publish(topicOf(CONATT), [event(CONATT, 9), ...Array.from({ length: 20 }, () => event(CONATT, 1))]);
    await read(CONATT, 1);
    expect(await isRead()).toBe(true);
  });
});
