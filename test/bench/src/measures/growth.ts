import type { LoopCount } from '../peers/closed-loop.ts';
import { EVENTS_PER_APPEND } from '../peers/sample-events.ts';
import type { PeerName } from '../process/peer-modules.ts';
import { type PeerProcess, withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

const APPENDS_IN_FLIGHT = 64;
const READERS = 4;
/** Of appends, before the first round. */
const WARM_UP_SLICES = 6;

/** Cost at one size. */
export interface GrowthSize {
  readonly events: number;
  /** Microseconds for each event appended, 64 appends in flight. */
  readonly appendUs: Spread;
  /** Milliseconds for each timeline of one case, four readers. */
  readonly timelineMs: Spread;
  /** Cost by that at the smallest size. */
  readonly append: Spread;
  readonly timeline: Spread;
}

/** How costs grow with what is stored. */
export interface GrowthResult {
  readonly sizes: readonly GrowthSize[];
}

async function appendCostUs(peer: PeerProcess, durationMs: number): Promise<number> {
  const { done, seconds } = await peer.call<LoopCount>('append', { inFlight: APPENDS_IN_FLIGHT, durationMs });
  return (seconds * 1e6) / (done * EVENTS_PER_APPEND);
}

async function timelineCostMs(peer: PeerProcess, durationMs: number): Promise<number> {
  const { done, seconds } = await peer.call<LoopCount>('timeline', { inFlight: READERS, durationMs });
  return (seconds * 1e3) / done;
}

/** Measures the same work on stores of growing size, in turns. */
export async function measureGrowth({ server, plan, progress }: BenchContext): Promise<GrowthResult> {
  const wanted: (readonly [PeerName, object])[] = [];
  for (const events of plan.growthSizes) {
    const storeUrl = await server.createDatabase(`growth_store_${events}`);
    const timelineUrl = await server.createDatabase(`growth_timeline_${events}`);
    wanted.push(['growth', { storeUrl, timelineUrl, events, inFlight: APPENDS_IN_FLIGHT }]);
  }
  progress(`growth: filling stores of ${plan.growthSizes.join(', ')} events`);
  return withPeers(wanted, async (peers) => {
    // A page that is touched for the first time after a checkpoint goes into the WAL as a whole. The store of 10,000 events has
    // that behind it at once, the largest only after some thirty thousand appends, while a node at work has a checkpoint every
    // few hundred thousand: what is measured is the cost between two, not that of the first seconds after one.
    await server.settle();
    for (const peer of peers) {
      await appendCostUs(peer, plan.sliceMs * WARM_UP_SLICES);
      await timelineCostMs(peer, plan.warmUpMs);
    }
    const inAllSizes = (cost: (peer: PeerProcess) => Promise<number>) =>
      inTurns(plan.rounds, Object.fromEntries(peers.map((peer, place) => [String(place), () => cost(peer)])));
    progress('growth: append');
    const append = await inAllSizes((peer) => appendCostUs(peer, plan.sliceMs));
    progress('growth: timeline');
    const timeline = await inAllSizes((peer) => timelineCostMs(peer, plan.sliceMs));
    const sizes = plan.growthSizes.map((events, place) => {
      const [appendUs, timelineMs] = [append[place] ?? [], timeline[place] ?? []];
      return {
        ...{ events, appendUs: spreadOf(appendUs), timelineMs: spreadOf(timelineMs) },
        append: ratioOf(appendUs, append[0] ?? []),
        timeline: ratioOf(timelineMs, timeline[0] ?? []),
      };
    });
    return { sizes };
  });
}
