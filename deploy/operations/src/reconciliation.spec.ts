import { describe, expect, it } from '@jest/globals';
import { type NodeCounts, reconcile, type SourceCounts } from './reconciliation.ts';

const own = (count: number): NodeCounts['own'] => ({ committed: count, sequenced: count, published: count });

function received(source: string, count: number, change: Partial<SourceCounts> = {}): SourceCounts {
  return {
    source,
    received: count,
    applied: count,
    unknown: 0,
    sealed: 0,
    parked: 0,
    quarantined: 0,
    held: 0,
    lastNumber: count,
    contiguous: true,
    duplicatesInEffect: 0,
    outOfOrder: 0,
    unverifiable: 0,
    status: 'flowing',
    ...change,
  };
}

function two(atB: SourceCounts, ofA: NodeCounts['own'] = own(3)): NodeCounts[] {
  return [
    { agency: 'a', own: ofA, sources: [received('b', 2)] },
    { agency: 'b', own: own(2), sources: [atB] },
  ];
}

describe('reconcile', () => {
  it('is equal when everything committed was applied at every other node', () => {
    expect(reconcile(two(received('a', 3)))).toEqual({
      agencies: [
        {
          agency: 'a',
          committed: 3,
          sequenced: 3,
          published: 3,
          nodes: [{ node: 'b', received: 3, applied: 3, sealed: 0 }],
        },
        {
          agency: 'b',
          committed: 2,
          sequenced: 2,
          published: 2,
          nodes: [{ node: 'a', received: 2, applied: 2, sealed: 0 }],
        },
      ],
      lost: 0,
      duplicates: 0,
      outOfOrder: 0,
      quarantined: 0,
      equal: true,
    });
  });

  it('is equal when what was not applied is sealed there, and not when it is counted twice', () => {
    expect(reconcile(two(received('a', 3, { applied: 1, sealed: 2 })))).toMatchObject({ lost: 0, equal: true });
    expect(reconcile(two(received('a', 3, { applied: 2, sealed: 2 })))).toMatchObject({ lost: 0, equal: false });
  });

  it('takes an agency that was never heard of as zeros', () => {
    const nodes: NodeCounts[] = [
      { agency: 'a', own: own(0), sources: [] },
      { agency: 'b', own: own(0), sources: [] },
    ];
    expect(reconcile(nodes)).toMatchObject({ lost: 0, equal: true });
  });

  it.each([
    ['an event not received is lost', received('a', 2), { lost: 1, equal: false }],
    [
      'a hole in the numbers is a loss',
      received('a', 2, { lastNumber: 3, contiguous: false }),
      { lost: 1, equal: false },
    ],
    ['an event received and not applied', received('a', 3, { applied: 2, parked: 1 }), { lost: 0, equal: false }],
    ['an event of unknown type', received('a', 3, { applied: 2, unknown: 1 }), { lost: 0, equal: false }],
    [
      'what has its key and was not read again',
      received('a', 3, { applied: 2, sealed: 1, unlocking: 1 }),
      { lost: 0, equal: false },
    ],
    ['a quarantined event', received('a', 3, { applied: 2, quarantined: 1 }), { quarantined: 1, equal: false }],
    ['an effect twice', received('a', 3, { duplicatesInEffect: 1 }), { duplicates: 1, equal: false }],
    ['an effect out of order', received('a', 3, { outOfOrder: 2 }), { outOfOrder: 2, equal: false }],
    ['an agency that is stopped here', received('a', 3, { status: 'stopped' }), { lost: 0, equal: false }],
    ['a topic ahead of its agency', received('a', 4), { lost: 0, equal: false }],
  ])('is unequal: %s', (_, atB, expected) => {
    expect(reconcile(two(atB))).toMatchObject(expected);
  });

  it.each([
    ['not yet numbered', { committed: 3, sequenced: 2, published: 2 }],
    ['not yet published', { committed: 3, sequenced: 3, published: 2 }],
  ])('is unequal while events are %s', (_, ofA) => {
    expect(reconcile(two(received('a', 3), ofA)).equal).toBe(false);
  });
});
