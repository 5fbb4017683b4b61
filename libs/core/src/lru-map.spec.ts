import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LruMap } from './lru-map.ts';

type Step = readonly ['get' | 'set' | 'has' | 'delete' | 'deleteWhere', string, number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('get', 'set', 'set', 'has', 'delete', 'deleteWhere'),
  fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  fc.nat(3),
);

/** What it has to do, on a list from the one that was not used for longest to the last. */
class ListOfUses {
  entries: (readonly [string, number])[] = [];

  constructor(readonly limit: number) {}

  play([does, name, value]: Step): unknown {
    const known = this.entries.find(([one]) => one === name);
    const others = this.entries.filter(([one]) => one !== name);
    switch (does) {
      case 'get':
        if (known !== undefined) this.entries = [...others, known];
        return known?.[1];
      case 'set':
        this.entries = [...others, [name, value] as const].slice(-this.limit);
        return undefined;
      case 'has':
        return known !== undefined;
      case 'delete':
        this.entries = others;
        return undefined;
      case 'deleteWhere': {
        const gone = this.entries.filter(([, kept]) => kept === value).map(([one]) => one);
        this.entries = this.entries.filter(([, kept]) => kept !== value);
        return gone.sort();
      }
    }
  }
}

function play(map: LruMap<number>, [does, name, value]: Step): unknown {
  switch (does) {
    case 'get':
    case 'has':
    case 'delete':
      return map[does](name);
    case 'set':
      return map.set(name, value);
    case 'deleteWhere':
      return [...map.deleteWhere((kept) => kept === value)].sort();
  }
}

describe('a map of limited size', () => {
  it('keeps what was used last, whatever is done with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const [map, model] = [new LruMap<number>(limit), new ListOfUses(limit)];
        for (const one of steps) {
          expect(play(map, one)).toEqual(model.play(one));
          expect(map.size).toBe(model.entries.length);
        }
      }),
    );
  });

  it('gives the name of an entry to what is to be deleted', () => {
    const map = new LruMap<number>(3);
    for (const name of ['case/one', 'case/two', 'other']) map.set(name, 1);
    expect(map.deleteWhere((_, name) => name.startsWith('case/'))).toEqual(['case/one', 'case/two']);
    expect([map.has('case/one'), map.has('other')]).toEqual([false, true]);
  });
});
