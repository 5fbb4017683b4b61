import type { Peer } from '../process/peer.ts';
import type { LoopPlan } from './closed-loop.ts';
import { openGrownStore } from './growth-store.ts';
import { openGrownTimeline } from './growth-timeline.ts';

/** A store and a timeline of one size. */
export async function open(options: {
  storeUrl: string;
  timelineUrl: string;
  events: number;
  inFlight: number;
}): Promise<Peer> {
  const { storeUrl, timelineUrl, events, inFlight } = options;
  const store = await openGrownStore(storeUrl, events, inFlight);
  const timeline = await openGrownTimeline(timelineUrl, events);
  return {
    operations: {
      append: (plan: LoopPlan) => store.append(plan),
      timeline: (plan: LoopPlan) => timeline.ask(plan),
    },
    close: async () => {
      await store.close();
      await timeline.close();
    },
  };
}
