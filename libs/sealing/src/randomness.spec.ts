import { describe, expect, it } from '@jest/globals';
import { systemRandomness } from './randomness.ts';

describe("the operating system's randomness", () => {
  const hex = (length: number): string => systemRandomness.bytes(length).toString('hex');

  it('gives nothing twice, however much is asked for', () => {
    const lengths = Array.from({ length: 2_000 }, (_, index) => [12, 16, 32, 2_048][index % 4] as number);
    const drawn = lengths.map(hex);
    expect(drawn.map(({ length }) => length / 2)).toEqual(lengths);
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn.filter((text) => /^(00)+$/.test(text))).toEqual([]);
  });

  it('leaves what it gave to whoever asked', () => {
    const first = systemRandomness.bytes(32);
    const before = first.toString('hex');
    for (let index = 0; index < 300; index += 1) systemRandomness.bytes(32).fill(0);
    expect(first.toString('hex')).toBe(before);
    expect(first.buffer.byteLength).toBe(32);
  });
});
