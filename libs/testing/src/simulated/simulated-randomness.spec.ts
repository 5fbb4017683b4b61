import { describe, expect, it } from '@jest/globals';
import { makeX25519Pair, x25519Pair } from '@acogida/sealing';
import { SimulatedRandomness } from './simulated-randomness.ts';

describe('the chance of a simulation', () => {
  it('is the same in every run, and another for each who draws and each draw', () => {
    const drawn = (who: string): readonly string[] => {
      const randomness = new SimulatedRandomness(who);
      return [randomness.bytes(32), randomness.bytes(32)].map((bytes) => bytes.toString('hex'));
    };
    expect(drawn('life 1')).toEqual(drawn('life 1'));
    expect(new Set([...drawn('life 1'), ...drawn('life 2')]).size).toBe(4);
  });

  it('gives the pair of the bytes that it would have given, once more from memory', () => {
    const [one, other, bytes] = [1, 2, 3].map(() => new SimulatedRandomness('pairs')) as [
      SimulatedRandomness,
      SimulatedRandomness,
      SimulatedRandomness,
    ];
    const made = [makeX25519Pair(one), makeX25519Pair(one)];
    expect([makeX25519Pair(other), makeX25519Pair(other)]).toEqual(made);
    expect(made.map(({ x }) => x)).toEqual([bytes.bytes(32), bytes.bytes(32)].map((secret) => x25519Pair(secret).x));
    expect(one.bytes(16)).toEqual(bytes.bytes(16));
  });
});
