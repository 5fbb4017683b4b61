import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeHostileRows } from './hostile-rows-journey.ts';
import { describeIdentityCanaries } from './identity-canary-journey.ts';
import { describeJoining } from './joining-journey.ts';
import { JourneyClock } from './journey-clock.ts';
import { describeQuarantine } from './quarantine-journey.ts';
import { describeReferrals } from './referral-journey.ts';
import { RunningPlatform } from './running-platform.ts';

const MINUTES = 60_000;

/**
 * The journeys that need no platform of their own, one after the other on one: a start costs more than most of them. Whatever
 * leaves something behind comes last. What does not depend on the log is played on the embedded one.
 */
export function describeSampleNetwork(log: 'embedded' | 'kafka'): void {
  describe(`the sample network on the ${log} log`, () => {
    let platform: RunningPlatform;
    let clock: JourneyClock;

    beforeAll(async () => {
      clock = await JourneyClock.create();
      platform = await RunningPlatform.create(log, {
        environment: { ...clock.environment, ANSWER_LINKS: 'on' },
      });
    }, 5 * MINUTES);
    afterAll(async () => {
      await platform?.remove();
      await clock?.remove();
    }, 2 * MINUTES);

    describeReferrals(
      () => platform,
      () => clock,
    );
    describeIdentityCanaries(
      () => platform,
      () => clock,
    );
    describeJoining(
      () => platform,
      () => clock,
    );
    if (log === 'kafka') return;
    describeHostileRows(() => platform);
    describeQuarantine(() => platform);
  });
}
