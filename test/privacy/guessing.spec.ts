import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { guess, type Riddle } from './guessing.ts';

/** A letter that looks random, and is the same in every run. */
function letterOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(parts.join()).digest('hex').charAt(0);
}

const RECEIVERS = ['cr-refugee-unit', 'mx-comar', 'cr-conatt'];

function riddles(marksOf: (answer: string, index: number) => readonly string[]): readonly Riddle[] {
  return Array.from({ length: 3_000 }, (_, index) => {
    const answer = RECEIVERS[Number.parseInt(letterOf('who', index), 16) % 3] as string;
    return { stratum: 'cr-border-intake referral', marks: marksOf(answer, index), answer };
  });
}

describe('guess', () => {
  it('gains nothing by marks that are random', () => {
    const guesses = guess(riddles((_, index) => [letterOf('a', index), letterOf('b', index), 'same']));
    expect(guesses.judged).toBe(3_000);
    expect(guesses.byStratum).toBeGreaterThan(0.3);
    expect(Math.abs(guesses.gain)).toBeLessThan(0.05);
  });

  it('finds out what one mark of several gives away', () => {
    const guesses = guess(riddles((answer, index) => [letterOf('a', index), answer]));
    expect(guesses.byMarks).toBe(1);
  });

  it('finds out what a mark gives away one time in five', () => {
    const guesses = guess(
      riddles((answer, index) => [index % 5 === 0 ? answer : letterOf('b', index), letterOf('a', index)]),
    );
    expect(guesses.gain).toBeGreaterThan(0.05);
  });

  it('counts what everybody knows as no gain', () => {
    const known = riddles(() => ['same']).map((riddle) => ({ ...riddle, stratum: riddle.answer }));
    expect(guess(known)).toEqual({ judged: 3_000, byStratum: 1, byMarks: 1, gain: 0 });
  });

  it('has nothing to say of nothing', () => {
    expect(guess([])).toEqual({ judged: 0, byStratum: 0, byMarks: 0, gain: 0 });
  });
});
