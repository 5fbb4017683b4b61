import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactRange } from './compact-range.ts';
import { LedgerError } from './ledger-error.ts';
import { EMPTY_ROOT, leafHash, merkleBatch } from './merkle.ts';

const batches = fc.array(fc.array(fc.uint8Array({ maxLength: 8 }).map(leafHash), { maxLength: 20 }), { maxLength: 8 });

describe('CompactRange', () => {
  it('is the empty tree to begin with', () => {
    expect(CompactRange.EMPTY.size).toBe(0);
    expect(CompactRange.EMPTY.root()).toBe(EMPTY_ROOT);
    expect(CompactRange.EMPTY.serialise()).toBe('0');
  });

  it('has the root of the whole tree, however the leaves came in', () => {
    fc.assert(
      fc.property(batches, (appended) => {
        const range = appended.reduce((before, leaves) => before.append(leaves), CompactRange.EMPTY);
        expect(range.size).toBe(appended.flat().length);
        expect(range.root()).toBe(merkleBatch(appended.flat()).root);
      }),
    );
  });

  it('goes on from its text as from itself', () => {
    fc.assert(
      fc.property(batches, (appended) => {
        let range = CompactRange.EMPTY;
        for (const leaves of appended) range = CompactRange.parse(range.serialise()).append(leaves);
        expect(range.root()).toBe(merkleBatch(appended.flat()).root);
        expect(CompactRange.parse(range.serialise())).toEqual(range);
      }),
    );
  });

  it('does not change when it is appended to', () => {
    const before = CompactRange.EMPTY.append([leafHash('1'), leafHash('2'), leafHash('3')]);
    const text = before.serialise();
    before.append([leafHash('4')]);
    expect(before.serialise()).toBe(text);
    expect(before.size).toBe(3);
  });

  const hash = leafHash('1');
  it.each([
    '',
    'x',
    '-1',
    '1',
    '0:',
    `0:${hash}`,
    `01:${hash}`,
    `2:${hash}.${hash}`,
    `3:${hash}`,
    `1:${hash.toUpperCase()}`,
    `1:${hash}:`,
    `1.5:${hash}`,
    `1e0:${hash}`,
    `9007199254740992:${hash}`,
  ])('refuses %j', (text) => {
    expect(() => CompactRange.parse(text)).toThrow(
      new LedgerError('RANGE_MALFORMED', 'not a serialised tree frontier'),
    );
  });
});
