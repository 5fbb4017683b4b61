import { build } from 'hdr-histogram-js';
import { createAgency } from '../peers/bench-agency.ts';
import type { Stamps } from '../peers/paced-sends.ts';
import { type PeerProcess, withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

const PER_SECOND = 100;
/** A round of latency is longer than one of throughput: 100 per second are few. */
const SLICES = 2;

/** Milliseconds between two moments at two processes of this machine. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly samples: number;
}

/** From a commit to its effect at another node, and from produce to consume. */
export interface LatencyResult {
  readonly ours: Percentiles;
  readonly raw: Percentiles;
  /** Of the medians of each round. */
  readonly ratioRaw: Spread;
}

const histogram = () => build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
type MicrosecondHistogram = ReturnType<typeof histogram>;

/** One round: sends, waits for all to arrive, files the microseconds of each, and gives the round's median in ms. */
async function round(
  source: PeerProcess,
  reader: PeerProcess,
  count: number,
  all: MicrosecondHistogram,
): Promise<number> {
  const arriving = reader.call<Stamps>('take', count);
  const sent = await source.call<Stamps>('send', { count, perSecond: PER_SECOND });
  const arrived = await arriving;
  const own = histogram();
  for (const [key, sentNs] of sent) {
    const arrivedNs = arrived.get(key);
    if (arrivedNs === undefined) throw new Error('something arrived that was not sent in this round');
    const tookUs = Math.max(1, Number(arrivedNs - sentNs) / 1000);
    own.recordValue(Math.round(tookUs));
  }
  all.add(own);
  return own.getValueAtPercentile(50) / 1000;
}

function percentilesOf(all: MicrosecondHistogram): Percentiles {
  return {
    p50Ms: all.getValueAtPercentile(50) / 1000,
    p99Ms: all.getValueAtPercentile(99) / 1000,
    samples: all.totalCount,
  };
}

/** Measures at 100 per second; null where there is no broker. */
export async function measureLatency({ server, broker, plan, progress }: BenchContext): Promise<LatencyResult | null> {
  const { brokers } = broker;
  if (brokers === null) return null;
  progress('latency');
  const agency = createAgency('latency');
  const topic = `bench.raw.${agency.agencyId}`;
  const wanted = [
    ['latency-ours-source', { databaseUrl: await server.createDatabase('latency_source'), brokers, agency }],
    ['latency-ours-reader', { databaseUrl: await server.createDatabase('latency_reader'), brokers, agency }],
    ['latency-raw-source', { brokers, topic }],
    ['latency-raw-reader', { brokers, topic }],
  ] as const;
  return withPeers(wanted, async ([source, reader, rawSource, rawReader]) => {
    const warmUp = Math.ceil((plan.warmUpMs / 1000) * PER_SECOND);
    await round(source, reader, warmUp, histogram());
    await round(rawSource, rawReader, warmUp, histogram());
    await server.settle();
    const count = Math.ceil(((SLICES * plan.sliceMs) / 1000) * PER_SECOND);
    const [ours, raw] = [histogram(), histogram()];
    const turns = await inTurns(plan.rounds, {
      ours: () => round(source, reader, count, ours),
      raw: () => round(rawSource, rawReader, count, raw),
    });
    return { ours: percentilesOf(ours), raw: percentilesOf(raw), ratioRaw: ratioOf(turns.ours, turns.raw) };
  });
}
