import { describe, expect, it } from '@jest/globals';
import { MemoryDatabase, NoSqlInMemoryError } from './memory-database.ts';

function databaseWith(...names: readonly string[]) {
  const database = new MemoryDatabase();
  const table = database.table<number>('visit');
  const filled = database.transaction(async (transaction) => {
    names.forEach((name, index) => table.set(transaction, name, index));
  });
  return { database, table, filled };
}

describe('a database in memory', () => {
  it('shows what a transaction changed to itself at once, and to others when it commits', async () => {
    const { database, table, filled } = databaseWith('one', 'two');
    await filled;
    await database.transaction(async (transaction) => {
      table.set(transaction, 'three', 3);
      table.delete(transaction, 'one');
      expect([...table.rows(transaction).keys()]).toEqual(['two', 'three']);
      expect([...table.rows().keys()]).toEqual(['one', 'two']);
    });
    expect([...table.rows().keys()]).toEqual(['two', 'three']);
    expect(database.table('visit')).toBe(table);
  });

  it('keeps nothing of a transaction that rejects, nor of what goes back to a savepoint', async () => {
    const { database, table, filled } = databaseWith('one');
    await filled;
    const failing = database.transaction(async (transaction) => {
      table.set(transaction, 'two', 2);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.transaction(async (transaction) => {
      table.set(transaction, 'two', 2);
      const back = database.savepoint(transaction);
      table.set(transaction, 'two', 22);
      table.set(transaction, 'three', 3);
      back();
      table.set(transaction, 'four', 4);
    });
    expect([...table.rows()]).toEqual([
      ['one', 0],
      ['two', 2],
      ['four', 4],
    ]);
  });

  it('has rows in their order again after what deleted them was taken back, and shows others nothing of it', async () => {
    const { database, table, filled } = databaseWith('one', 'two', 'three');
    await filled;
    const failing = database.transaction(async (transaction) => {
      table.set(transaction, 'two', 22);
      table.delete(transaction, 'one');
      const back = database.savepoint(transaction);
      table.delete(transaction, 'two');
      table.set(transaction, 'one', 11);
      expect([...table.rows(transaction).keys()]).toEqual(['three', 'one']);
      back();
      expect([...table.rows(transaction)].map(String)).toEqual(['two,22', 'three,2']);
      expect([...table.rows()].map(String)).toEqual(['one,0', 'two,1', 'three,2']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect([...table.rows()].map(String)).toEqual(['one,0', 'two,1', 'three,2']);
  });

  it('runs the steps back, last first, of what stands in no table', async () => {
    const { database } = databaseWith();
    const kept: string[] = [];
    const keep = (transaction: unknown, name: string): void => {
      kept.push(name);
      (transaction as { undo(step: () => void): void }).undo(() => expect(kept.pop()).toBe(name));
    };
    await database.transaction(async (transaction) => {
      keep(transaction, 'one');
      const back = database.savepoint(transaction);
      keep(transaction, 'two');
      keep(transaction, 'three');
      back();
      keep(transaction, 'four');
    });
    expect(kept).toEqual(['one', 'four']);
    const failing = database.transaction(async (transaction) => {
      keep(transaction, 'five');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(kept).toEqual(['one', 'four']);
  });

  it('runs transactions one after the other, and takes back what else was joined to one that fails', async () => {
    const { database, filled } = databaseWith();
    await filled;
    let joined = 0;
    database.join({
      checkpoint: () => {
        const before = joined;
        return () => (joined = before);
      },
    });
    const seen: number[] = [];
    const step = (name: number, fails: boolean): Promise<void> =>
      database.transaction(async () => {
        seen.push(name);
        joined += 1;
        await Promise.resolve();
        seen.push(name);
        if (fails) throw new Error('no');
      });
    await Promise.allSettled([step(1, false), step(2, true), step(3, false)]);
    expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
    expect(joined).toBe(2);
  });

  it('forgets the open transaction when its process ends, and goes on with the next one', async () => {
    const { database, table, filled } = databaseWith('one');
    await filled;
    let outcome = 'none';
    let goOn = (): void => {};
    const open = new Promise<void>((resolve) => (goOn = resolve));
    const begun = new Promise<void>((resolve) => {
      void database
        .transaction(async (transaction) => {
          table.set(transaction, 'two', 2);
          resolve();
          await open;
        })
        .finally(() => (outcome = 'told'));
    });
    await begun;
    database.crash();
    goOn();
    await database.transaction(async (transaction) => table.set(transaction, 'three', 3));
    expect([...table.rows().keys()]).toEqual(['one', 'three']);
    expect(outcome).toBe('none');
  });

  it('takes no SQL, no transaction of another kind, and nothing after the end', async () => {
    const { database, table, filled } = databaseWith();
    await filled;
    const ended = await database.transaction(async (transaction) => {
      expect(() => void transaction.query('SELECT 1')).toThrow(NoSqlInMemoryError);
      return { transaction };
    });
    expect(() => table.set(ended.transaction, 'late', 1)).toThrow('over');
    expect(() => table.set({} as typeof ended.transaction, 'late', 1)).toThrow(RangeError);
  });
});
