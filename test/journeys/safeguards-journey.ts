import { afterAll, beforeAll, describe } from '@jest/globals';
import { Agencies } from './agencies.ts';
import { Auditor } from './auditor.ts';
import { JourneyClock } from './journey-clock.ts';
import { RunningPlatform } from './running-platform.ts';
import { describeAsylumAtTheDoor } from './safeguards-asylum-journey.ts';
import { describeChildAlone } from './safeguards-child-journey.ts';
import { describeCourtOrder } from './safeguards-court-order-journey.ts';
import { describeEquivocation } from './safeguards-equivocation-journey.ts';
import { describeWaitingEvents } from './safeguards-events-journey.ts';
import { describeReturns } from './safeguards-return-journey.ts';
import { describeSamePerson } from './safeguards-same-person-journey.ts';
import { SafeguardsScene, SOONER } from './safeguards-scene.ts';
import { describeSilentAuthorities } from './safeguards-silence-journey.ts';
import { describeSuccessor } from './safeguards-successor-journey.ts';

const MINUTES = 60_000;

/**
 * Who must not leave does not (architecture.md §7), on a whole platform and one of the logs: all scenarios on one, since a start
 * costs more than most of them. Whatever leaves something behind comes last.
 */
export function describeSafeguards(log: 'embedded' | 'kafka'): void {
  describe(`the safeguards on the ${log} log`, () => {
    let platform: RunningPlatform;
    let clock: JourneyClock;
    let scene: SafeguardsScene;

    beforeAll(async () => {
      clock = await JourneyClock.create();
      platform = await RunningPlatform.create(log, { environment: { ...clock.environment, ...SOONER } });
      scene = new SafeguardsScene(platform, await Agencies.of(platform), await Auditor.of(platform), clock);
    }, 5 * MINUTES);
    afterAll(async () => {
      await platform?.remove();
      await clock?.remove();
    }, 2 * MINUTES);

    describeAsylumAtTheDoor(() => scene);
    describeCourtOrder(() => scene);
    describeSamePerson(() => scene);
    describeChildAlone(() => scene);
    describeReturns(() => scene);
    describeSilentAuthorities(() => scene);
    describeSuccessor(() => scene);
    describeWaitingEvents(() => scene);
    describeEquivocation(() => scene);
  });
}
