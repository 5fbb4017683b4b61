import { it } from '@jest/globals';
import { CONATT, REFUGEE_UNIT } from './referral-scene.ts';
import { type SafeguardsScene, STALE_AFTER_MS } from './safeguards-scene.ts';

const MINUTES = 60_000;

/** An authority that does not answer, or that answers and is not heard: nobody leaves past it (INV-02). */
export function describeSilentAuthorities(of: () => SafeguardsScene): void {
  it(
    'INV-02 an authority that is unreachable: refused with its name and what to do, until it is there again',
    async () => {
      const scene = of();
      const door = scene.expulsionOf(await scene.register());
      await scene.isWarranted(door);
      await scene.platform.kill(CONATT, 'SIGKILL');
      await scene.isUnreached(door, CONATT);
      await scene.leaves(door, await scene.isWarranted(door));
    },
    2 * MINUTES,
  );

  it(
    'INV-02 an authority that is stale: refused although it answers, until it is heard again',
    async () => {
      const scene = of();
      const { agencies, clock } = scene;
      const door = scene.expulsionOf(await scene.register());
      await scene.isWarranted(door);
      await agencies.whileSilent(REFUGEE_UNIT, async () => {
        await clock.advance(STALE_AFTER_MS + 1_000);
        await scene.isRefused(door, [
          { refusal: 'AUTHORITY_STALE', authority: REFUGEE_UNIT, nextStep: 'REACH_FOCAL_POINT' },
        ]);
      });
      await scene.leaves(door, await scene.isWarranted(door));
    },
    2 * MINUTES,
  );
}
