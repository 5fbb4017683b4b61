import { describe, expect, it } from '@jest/globals';
import { rowHash, RowKeys } from './row-key.ts';

describe('row keys', () => {
  it('do not depend on the order of columns', () => {
    expect(rowHash({ a: '1', b: '2' })).toBe(rowHash({ b: '2', a: '1' }));
    expect(rowHash({ a: '1', b: '2' })).not.toBe(rowHash({ a: '2', b: '1' }));
  });

  it('tell equal rows apart by their occurrence, the same in every run', () => {
    const read = (): string[] => {
      const keys = new RowKeys();
      return [{ a: '1' }, { a: '2' }, { a: '1' }].map((cells) => keys.next(cells));
    };
    const [first, second, third] = read();
    expect(read()).toEqual([first, second, third]);
    expect(first).toBe(`${rowHash({ a: '1' })}-1`);
    expect(second).toBe(`${rowHash({ a: '2' })}-1`);
    expect(third).toBe(`${rowHash({ a: '1' })}-2`);
  });

  it('leave room for a step within the length of an Idempotency-Key', () => {
    expect(`${new RowKeys().next({ a: '1' })}:application-registration`.length).toBeLessThanOrEqual(128);
  });
});
