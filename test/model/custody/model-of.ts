import type { Model } from '../exploration/explore.ts';
import { fingerprint } from './fingerprint.ts';
import { judgeRest, judgeState } from './judge.ts';
import type { Setting } from './setting.ts';
import { stepsFrom } from './steps.ts';
import { type CustodyWorld, firstWorld } from './world.ts';

/** Transfers, custody and consent as they are explored. */
export function custodyOf(setting: Setting): Model<CustodyWorld> {
  return {
    first: firstWorld(setting.scenario),
    fingerprint,
    stepsFrom: (world) => stepsFrom(setting, world),
    judgeState: (world) => judgeState(setting, world),
    judgeRest: (world) => judgeRest(setting, world),
  };
}
