import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../testing/refusal.ts';
import {
  admit,
  DIRECTORY,
  genesis,
  keysOf,
  revoke,
  rotate,
  rotationOf,
  signedRotation,
  succeed,
} from '../testing/trust-network.ts';
import { type TrustEntry, TrustState } from './trust-state.ts';

const [POST, COMAR, SHELTER] = ['cr-border-intake', 'mx-comar', 'cr-shelter'];

/** What an agency's topic says, each with the number of its event. */
type Topic = readonly (TrustEntry & { readonly type: 'rotation' })[];

/**
 * Reads topics as nodes do: each in its order. An event whose key is not good at its number waits for the directory's topic
 * and is never read when that has nothing more to say. `choices` says whose turn it is.
 */
function readingOf(directory: readonly TrustEntry[], topics: readonly Topic[], choices: readonly number[]): TrustState {
  const state = new TrustState(genesis);
  const queues = [[...directory], ...topics.map((topic) => [...topic])];
  for (let turn = 0; ; turn += 1) {
    const ready = queues.filter((queue) => queue[0] !== undefined && isReadable(state, queue[0]));
    if (ready.length === 0) return state;
    const queue = ready[(choices[turn % choices.length] ?? 0) % ready.length] as TrustEntry[];
    const code = codeOf(() => state.apply(queue[0] as TrustEntry));
    expect([undefined, 'DIRECTORY_KEY_UNKNOWN']).toContain(code);
    if (code === undefined) queue.shift();
  }
}

/** Whether a reader takes the event in: the key that signed its batch must be good there. */
function isReadable(state: TrustState, entry: TrustEntry): boolean {
  if (entry.type !== 'rotation') return true;
  const { agency, previousSigningKeyId } = entry.signed.statement;
  return state
    .signingKeys(agency)
    .some(
      ({ keyId, fromNumber, throughNumber = entry.at }) =>
        keyId === previousSigningKeyId && fromNumber <= entry.at && entry.at <= throughNumber,
    );
}

/** Over four queues; no two turns in a row can be wasted for ever. */
const choices = fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }).map((turns) => [...turns, 0, 1, 2, 3]);

describe('readers that took the same topics in', () => {
  it('agree, whichever topic they read first', () => {
    const countersigned = signedRotation(rotationOf(SHELTER, 2), `${DIRECTORY}.2.signing`);
    const directory = [
      ...[admit(POST), admit(COMAR), admit(SHELTER)],
      rotate(DIRECTORY, 2, 5),
      revoke(POST, 2, 15),
      admit(POST, { sequence: 3, fromNumber: 16 }),
      revoke(COMAR, 1, 7),
      admit(COMAR, { sequence: 2, fromNumber: 8, keys: keysOf('new') }),
      succeed(SHELTER, COMAR, 40),
    ];
    const topics: Topic[] = [
      [rotate(POST, 2, 10), rotate(POST, 4, 20)],
      [rotate(COMAR, 2, 9), rotate(COMAR, 3, 12)],
      [{ type: 'rotation', at: 30, signed: countersigned }, rotate(SHELTER, 3, 50)],
    ];
    const expected = readingOf(directory, topics, [0]).agencies();
    expect(
      expected.map(({ agencyId, keySets }) => [agencyId, ...keySets.map((s) => [s.fromNumber, s.throughNumber])]),
    ).toEqual([
      [POST, [1, 10], [11, 15], [16, 20], [21, undefined]],
      [SHELTER, [1, 30], [31, 40]],
      [COMAR, [1, 7], [8, undefined]],
      [DIRECTORY, [1, 5], [6, undefined]],
    ]);
    fc.assert(
      fc.property(choices, (order) => {
        expect(readingOf(directory, topics, order).agencies()).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('independent statements', () => {
  const agencies = ['cr-one', 'cr-two', 'cr-three', 'cr-four'] as const;
  const begun = agencies.map((agency) => admit(agency));
  const later: readonly TrustEntry[] = [
    rotate(agencies[0], 2, 10),
    rotate(agencies[1], 2, 10),
    revoke(agencies[1], 1, 6),
    rotate(agencies[2], 2, 10),
    revoke(agencies[2], 1, 10),
    revoke(agencies[2], 2, 14),
    revoke(agencies[2], 2, 12),
    succeed(agencies[3], agencies[0], 9),
    admit('cr-five'),
  ];

  it('may be applied in any order, and more than once', () => {
    const all = [...begun, ...later];
    const expected = afterAll(all).agencies();
    const shuffled = fc.tuple(order(begun.length), order(later.length), fc.array(fc.nat(all.length - 1)));
    fc.assert(
      fc.property(shuffled, ([first, second, again]) => {
        const entries = [...first.map((n) => begun[n]), ...second.map((n) => later[n])] as TrustEntry[];
        const state = afterAll([...entries, ...again.map((n) => all[n] as TrustEntry)]);
        expect(state.agencies()).toEqual(expected);
        expect(state.revision).toBeLessThanOrEqual(all.length);
      }),
      { numRuns: 40 },
    );
  });

  it('leave at every number at most one key that may sign', () => {
    fc.assert(
      fc.property(order(later.length), fc.nat(60), (sequence, number) => {
        const state = afterAll([...begun, ...sequence.map((n) => later[n] as TrustEntry)]);
        for (const { agencyId } of state.agencies()) {
          const good = state
            .signingKeys(agencyId)
            .filter((key) => key.fromNumber <= number && number <= (key.throughNumber ?? number));
          expect(good.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  /** A rotation that a revocation overtook is refused, and was without effect where it came first. */
  function afterAll(entries: readonly TrustEntry[]): TrustState {
    const state = new TrustState(genesis);
    for (const entry of entries) expect([undefined, 'OLD_KEY']).toContain(codeOf(() => state.apply(entry)));
    return state;
  }
});

function order(count: number): fc.Arbitrary<number[]> {
  const all = Array.from({ length: count }, (_, n) => n);
  return fc.shuffledSubarray(all, { minLength: count });
}

describe('a thief of one signing key', () => {
  const signed = signedRotation(rotationOf(POST, 2, { keys: keysOf('thief') }));
  const own = { keyId: `${POST}.1.signing`, signature: signed.signatures.old };

  it('cannot rotate without the directory, nor keep what he rotated', () => {
    const numbers = fc.integer({ min: 2, max: 50 });
    fc.assert(
      fc.property(numbers, numbers, (at, lastGood) => {
        const state = new TrustState(genesis);
        state.apply(admit(POST));
        for (const directory of [null, own]) {
          const alone = { ...signed, signatures: { ...signed.signatures, directory } };
          expect(codeOf(() => state.apply({ type: 'rotation', at, signed: alone }))).toMatch(/^DIRECTORY_/);
        }
        state.apply({ type: 'rotation', at, signed });
        state.apply(revoke(POST, 1, lastGood));
        const kept = state.signingKeys(POST).some(({ keyId }) => keyId === 'thief.signing');
        expect(kept).toBe(lastGood >= at);
      }),
      { numRuns: 40 },
    );
  });
});
