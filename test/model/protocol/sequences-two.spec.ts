import { describe, expect, it } from '@jest/globals';
import { assertSequences, SEQUENCES } from './sequences.ts';

// half of them; the other half is `sequences-one.spec.ts`, so that two workers share them
describe('whole nodes on a network that delays and repeats, and that crash and start again', () => {
  it('INV-19 agree in the end, leave no case with nobody or with two, and never fall silent', async () => {
    const { pairs, mostTerms, restarts } = await assertSequences(SEQUENCES);
    // They are worth something only if they come far.
    expect(pairs.size).toBeGreaterThan(25);
    expect(mostTerms).toBeGreaterThan(1);
    expect(restarts).toBeGreaterThan(2 * SEQUENCES);
  }, 1_200_000);
});
