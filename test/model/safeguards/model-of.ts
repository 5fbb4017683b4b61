import type { Model } from '../exploration/explore.ts';
import { fingerprint } from './fingerprint.ts';
import { firstWorld } from './first-world.ts';
import { judgeRest, judgeState } from './judge.ts';
import type { Setting } from './setting.ts';
import { stepsFrom } from './steps.ts';
import type { World } from './world.ts';

/** The safeguards as they are explored. */
export function safeguardsOf(setting: Setting): Model<World> {
  return {
    first: firstWorld(setting.scenario),
    fingerprint: (world) => fingerprint(setting.scenario, world),
    stepsFrom: (world) => stepsFrom(setting, world),
    judgeState: (world) => judgeState(setting, world),
    judgeRest: (world) => judgeRest(setting, world),
  };
}
