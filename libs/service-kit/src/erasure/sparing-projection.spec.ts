import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ContractProjection, copyText, type ReceivedEvent, TableBeside } from '@acogida/event-log';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { PostgresKeyRows, sealingMigrations } from '@acogida/sealing';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { sparingProjection } from './sparing-projection.ts';

const ERASED = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const KEPT = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';
const AT = '2026-11-22T09:00:00.000Z';

type Row = readonly [number: number, caseId: string | null];

let database: TestDatabase;
let rows: PostgresKeyRows;
let projection: ContractProjection;

/** A read model with a row for each event; of one that is sealed, without its case. */
const known: ContractProjection = {
  name: 'known',
  apply: async ({ opened, sealed }, transaction) => {
    for (const [number, caseId] of [...opened.map(rowOf), ...sealed.map(({ number }): Row => [number, null])]) {
      await transaction.query('INSERT INTO known VALUES ($1, $2)', [number, caseId]);
    }
  },
  reset: async (transaction) => void (await transaction.query('TRUNCATE known')),
  forget: async (transaction, caseId) =>
    (await transaction.query('UPDATE known SET case_id = NULL WHERE case_id = $1', [caseId])).rowCount ?? 0,
  replay: async (transaction) => {
    const beside = await TableBeside.create(transaction, 'known');
    return {
      add: ({ opened, sealed }) => {
        const lines = [...opened.map(rowOf), ...sealed.map(({ number }): Row => [number, null])];
        return beside.copy(
          ['number', 'case_id'],
          lines.map((line) => line.map(copyText).join('\t')),
        );
      },
      finish: () => beside.takePlace(),
    };
  },
};

function rowOf({ number, payload }: ReceivedEvent): Row {
  return [number, payload.caseId];
}

function event(number: number, caseId: string | null): ReceivedEvent {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const payload = {
    ...{
      type: 'CaseOpened',
      schemaVersion: 1,
      caseId,
      data: {},
      occurredAt: AT,
      recordedAt: AT,
      stream: 'case-intake-1',
    },
    ...{ version: number, publishedHead: '', privateHead: '', correlationId: id, causation: null, clock: '0' },
  };
  const envelope = { id, source: 'cr-border-intake', class: 'case', subject: 'pseudonym', number, time: AT } as const;
  return { ...envelope, payload, clockAhead: false };
}

beforeAll(async () => {
  database = await createTestDatabase(sealingMigrations);
  await database.pool.query('CREATE TABLE known (number integer, case_id uuid)');
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.pool.query('TRUNCATE known, keys.erased_case');
  rows = new PostgresKeyRows((work) => inTransaction(database.pool, work));
  projection = sparingProjection(known, rows);
});

const apply = (opened: readonly ReceivedEvent[], transaction: Transaction): Promise<void> =>
  projection.apply({ opened, sealed: [] }, transaction);

const kept = async (): Promise<readonly Row[]> => {
  const found = await database.pool.query<{ number: number; case_id: string | null }>('SELECT * FROM known ORDER BY 1');
  return found.rows.map(({ number, case_id: caseId }) => [number, caseId]);
};

/** As an erasure does it: what is not to be written any more, then what was. */
const erase = (): Promise<unknown> =>
  inTransaction(database.pool, async (transaction) => {
    await rows.noteErased(transaction, [ERASED], AT);
    await projection.forget?.(transaction, ERASED);
  });

async function someoneWaits(): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await database.pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
    );
    expect(rowCount).toBe(1);
  });
}

describe('INV-22 a read model of what others say', () => {
  it('is shown as sealed what comes of a case after its erasure, and the rest as it is', async () => {
    await erase();
    const shown: Parameters<ContractProjection['apply']>[0][] = [];
    const seen = sparingProjection({ ...known, apply: async (page) => void shown.push(page) }, rows);
    const [erased, other, ofNone] = [event(1, ERASED), event(2, KEPT), event(3, null)];
    const unopened = { ...ofSealed(event(4, null)), reason: 'unknown-type' as const };
    await inTransaction(database.pool, (transaction) =>
      seen.apply({ opened: [erased, other, ofNone], sealed: [unopened] }, transaction),
    );
    expect(shown).toEqual([{ opened: [other, ofNone], sealed: [unopened, { ...ofSealed(erased), reason: 'sealed' }] }]);
  });

  it('is rid of a case whose events are being written when it is erased', async () => {
    let erasing: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (transaction) => {
      await apply([event(1, ERASED), event(2, KEPT)], transaction);
      erasing = erase();
      await someoneWaits();
    });
    await erasing;
    expect(await kept()).toEqual([
      [1, null],
      [2, KEPT],
    ]);
  });

  it('waits for an erasure that is under way, and then writes nothing of the case', async () => {
    let writing: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (transaction) => {
      await rows.noteErased(transaction, [ERASED], AT);
      writing = inTransaction(database.pool, (other) => apply([event(1, ERASED)], other));
      await someoneWaits();
    });
    await writing;
    expect(await kept()).toEqual([[1, null]]);
  });

  it('is rid of a case that is erased while it is built anew beside the present one', async () => {
    let erasing: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (transaction) => {
      const building = await projection.replay?.(transaction);
      await building?.add({ opened: [event(1, ERASED), event(2, KEPT)].map(received), sealed: [] });
      erasing = erase();
      await someoneWaits();
      await building?.finish();
    });
    await erasing;
    expect(await kept()).toEqual([
      [1, null],
      [2, KEPT],
    ]);
  });

  it('is built anew without a case that was erased before', async () => {
    await erase();
    await inTransaction(database.pool, async (transaction) => {
      const building = await projection.replay?.(transaction);
      await building?.add({ opened: [event(1, ERASED), event(2, KEPT)].map(received), sealed: [] });
      await building?.finish();
    });
    expect(await kept()).toEqual([
      [1, null],
      [2, KEPT],
    ]);
  });

  it('asks for nothing where a page has nothing of a case that it keeps', async () => {
    const unasked = { holdStanding: () => Promise.reject(new Error('nothing is to be held')) };
    const ofAll = sparingProjection(known, unasked);
    const ofHolds = sparingProjection({ ...known, types: new Set(['HoldPlaced']) }, unasked);
    await inTransaction(database.pool, async (transaction) => {
      await ofAll.apply({ opened: [event(1, null)], sealed: [] }, transaction);
      await ofHolds.apply({ opened: [event(2, KEPT)], sealed: [] }, transaction);
    });
    expect(await kept()).toEqual([
      [1, null],
      [2, KEPT],
    ]);
  });

  it('closes what it keeps of an erased case, and is shown the rest as it is', async () => {
    await erase();
    const ofOpenings = sparingProjection({ ...known, types: new Set(['CaseOpened']) }, rows);
    const other = { ...event(2, ERASED), payload: { ...event(2, ERASED).payload, type: 'ErasureOrdered' } };
    await inTransaction(database.pool, (transaction) =>
      ofOpenings.apply({ opened: [event(1, ERASED), event(3, KEPT), other], sealed: [] }, transaction),
    );
    expect(await kept()).toEqual([
      [1, null],
      [2, ERASED],
      [3, KEPT],
    ]);
  });
});

function ofSealed({
  payload: _,
  clockAhead: __,
  ...rest
}: ReceivedEvent): Omit<ReceivedEvent, 'payload' | 'clockAhead'> {
  return rest;
}

function received(one: ReceivedEvent): ReceivedEvent & { readonly receivedAt: string } {
  return { ...one, receivedAt: AT };
}
