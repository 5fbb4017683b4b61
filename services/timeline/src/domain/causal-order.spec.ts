import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inCausalOrder, type OrderedEntry } from './causal-order.ts';

function entry(id: string, clock: string, more: Partial<OrderedEntry> = {}): OrderedEntry {
  return { id, source: 'cr-border-intake', number: 1, clock, causationId: null, stream: null, version: null, ...more };
}

const ids = (entries: readonly OrderedEntry[]): string[] => entries.map(({ id }) => id);

describe('inCausalOrder', () => {
  it('orders by clock, then source, then number', () => {
    expect(
      ids(
        inCausalOrder([
          entry('d', '2', { source: 'b', number: 2 }),
          entry('c', '2', { source: 'b', number: 1 }),
          entry('b', '2', { source: 'a', number: 9 }),
          entry('a', '1', { source: 'z', number: 9 }),
        ]),
      ),
    ).toEqual(['a', 'b', 'c', 'd']);
  });

  it('draws a cause whose clock was ahead forward to just before its effect', () => {
    expect(
      ids(
        inCausalOrder([
          entry('first', '1'),
          entry('cause', '9', { number: 2 }),
          entry('effect', '3', { source: 'mx-comar', causationId: 'cause' }),
          entry('other', '2', { number: 3 }),
        ]),
      ),
    ).toEqual(['first', 'other', 'cause', 'effect']);
  });

  it('keeps a stream in the order of its versions', () => {
    const of = (id: string, clock: string, version: number) =>
      entry(id, clock, { stream: 's', version, number: version });
    expect(ids(inCausalOrder([of('three', '1', 3), of('one', '9', 1), of('two', '5', 2)]))).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('leaves a cause that is not in the list out of account', () => {
    expect(ids(inCausalOrder([entry('b', '2'), entry('a', '1', { causationId: 'elsewhere' })]))).toEqual(['a', 'b']);
  });

  it('keeps every entry of a circle', () => {
    const circle = [
      entry('b', '2', { causationId: 'a' }),
      entry('a', '1', { causationId: 'b' }),
      entry('c', '3', { causationId: 'c' }),
    ];
    expect(ids(inCausalOrder(circle)).sort()).toEqual(['a', 'b', 'c']);
  });

  it('bears a chain of causes of any length', () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, i) =>
      entry(`e${i}`, String(length - i).padStart(6, '0'), { number: i, causationId: i === 0 ? null : `e${i - 1}` }),
    );
    expect(inCausalOrder(chain).map(({ number }) => number)).toEqual(chain.map(({ number }) => number));
  });

  const acyclic = fc
    .array(
      fc.record({
        clock: fc.integer({ min: 0, max: 9 }),
        source: fc.constantFrom('a', 'b', 'c'),
        cause: fc.option(fc.nat(), { nil: null }),
        stream: fc.constantFrom('s', 't', null),
      }),
      { maxLength: 24 },
    )
    .map((drawn) => {
      const versions = new Map<string, number>();
      return drawn.map(({ clock, source, cause, stream }, i): OrderedEntry => {
        const key = `${source}/${stream}`;
        const version = (versions.get(key) ?? 0) + 1;
        if (stream !== null) versions.set(key, version);
        return {
          id: `e${i}`,
          source,
          number: i + 1,
          clock: String(clock),
          causationId: cause === null || i === 0 ? null : `e${cause % i}`, // only earlier ones: no circles
          stream,
          version: stream === null ? null : version,
        };
      });
    });

  it('places a cause before its effect and loses nothing, whatever the clocks say', () => {
    fc.assert(
      fc.property(acyclic, (entries) => {
        const ordered = inCausalOrder(entries);
        const place = new Map(ordered.map(({ id }, i) => [id, i]));
        expect(place.size).toBe(entries.length);
        expect(ordered).toHaveLength(entries.length);
        for (const { id, causationId } of entries) {
          if (causationId !== null) expect(place.get(causationId)).toBeLessThan(place.get(id) as number);
        }
        for (const a of entries) {
          const next = entries.find(
            (b) => b.source === a.source && b.stream === a.stream && b.version === (a.version ?? 0) + 1,
          );
          if (a.stream !== null && next !== undefined)
            expect(place.get(a.id)).toBeLessThan(place.get(next.id) as number);
        }
      }),
    );
  });

  it('depends on the set of entries only, not on their arrival', () => {
    fc.assert(
      fc.property(
        acyclic.chain((entries) =>
          fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
        ),
        ([entries, shuffled]) => {
          expect(ids(inCausalOrder(shuffled))).toEqual(ids(inCausalOrder(entries)));
        },
      ),
    );
  });
});
