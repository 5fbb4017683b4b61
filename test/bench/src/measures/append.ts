import type { LoopCount } from '../peers/closed-loop.ts';
import { EVENTS_PER_APPEND } from '../peers/sample-events.ts';
import { PeerProcess, withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

/** Pool sizes that raw and Emmett are tried with; the fastest is taken. */
const POOL_SIZES = [16, 32, 64] as const;
const IN_FLIGHT = [1, 16, 64] as const;

/** Events per second of each peer at one number of appends in flight. */
export interface AppendLevel {
  readonly inFlight: number;
  readonly ours: Spread;
  readonly emmett: Spread;
  readonly raw: Spread;
  readonly ratioPeer: Spread;
  readonly ratioRaw: Spread;
  /** Ours with nothing sealed, at rest or for the log. */
  readonly plain: Spread;
  readonly ratioPlain: Spread;
}

/** Appends of three events of 600 bytes. */
export interface AppendResult {
  readonly levels: readonly AppendLevel[];
  readonly poolSizes: { readonly emmett: number; readonly raw: number };
}

async function eventsPerSecond(peer: PeerProcess, inFlight: number, durationMs: number): Promise<number> {
  const { done, seconds } = await peer.call<LoopCount>('append', { inFlight, durationMs });
  return (done * EVENTS_PER_APPEND) / seconds;
}

/** The pool size with which a peer is fastest at 64 in flight. */
export async function bestPoolSize(
  name: 'store-emmett' | 'store-raw',
  databaseUrl: string,
  { plan, server }: BenchContext,
): Promise<number> {
  const tried: { poolSize: number; figure: number }[] = [];
  for (const poolSize of POOL_SIZES) {
    const peer = await PeerProcess.start(name, { databaseUrl, poolSize });
    try {
      await eventsPerSecond(peer, 64, plan.warmUpMs);
      await server.settle();
      tried.push({ poolSize, figure: await eventsPerSecond(peer, 64, plan.sliceMs) });
    } finally {
      await peer.stop();
    }
  }
  return tried.toSorted((left, right) => right.figure - left.figure)[0]?.poolSize ?? POOL_SIZES[0];
}

/** Measures appends of ours, ours without sealing, Emmett and raw INSERT commits side by side. */
export async function measureAppend(context: BenchContext): Promise<AppendResult> {
  const { server, plan, progress } = context;
  const [ours, plain, emmett, raw] = [
    await server.createDatabase('append_ours'),
    await server.createDatabase('append_plain'),
    await server.createDatabase('append_emmett'),
    await server.createDatabase('append_raw'),
  ];
  progress('append: pool sizes of the peers');
  const poolSizes = {
    emmett: await bestPoolSize('store-emmett', emmett, context),
    raw: await bestPoolSize('store-raw', raw, context),
  };
  return withPeers(
    [
      ['store-ours', { databaseUrl: ours, sealing: 'node' }],
      ['store-ours', { databaseUrl: plain, sealing: 'plain' }],
      ['store-emmett', { databaseUrl: emmett, poolSize: poolSizes.emmett }],
      ['store-raw', { databaseUrl: raw, poolSize: poolSizes.raw }],
    ] as const,
    async (peers) => {
      for (const peer of peers) await eventsPerSecond(peer, 64, plan.warmUpMs);
      const levels: AppendLevel[] = [];
      for (const inFlight of IN_FLIGHT) {
        progress(`append: ${inFlight} in flight`);
        await server.settle();
        const [ownPeer, plainPeer, emmettPeer, rawPeer] = peers;
        const turns = await inTurns(plan.rounds, {
          ours: () => eventsPerSecond(ownPeer, inFlight, plan.sliceMs),
          plain: () => eventsPerSecond(plainPeer, inFlight, plan.sliceMs),
          emmett: () => eventsPerSecond(emmettPeer, inFlight, plan.sliceMs),
          raw: () => eventsPerSecond(rawPeer, inFlight, plan.sliceMs),
        });
        levels.push({
          inFlight,
          ...{ ours: spreadOf(turns.ours), emmett: spreadOf(turns.emmett), raw: spreadOf(turns.raw) },
          ratioPeer: ratioOf(turns.ours, turns.emmett),
          ratioRaw: ratioOf(turns.ours, turns.raw),
          ...{ plain: spreadOf(turns.plain), ratioPlain: ratioOf(turns.ours, turns.plain) },
        });
      }
      progress('append: sealed and unsealed');
      await server.settle();
      return {
        levels: [...levels.slice(0, -1), ...(await pairedWithPlain(levels.slice(-1), peers, context))],
        poolSizes,
      };
    },
  );
}

/** The level at which the cost of sealing is promised, with the two of it measured against each other alone. */
async function pairedWithPlain(
  levels: readonly AppendLevel[],
  [ours, plain]: readonly [PeerProcess, PeerProcess, ...PeerProcess[]],
  { plan }: BenchContext,
): Promise<readonly AppendLevel[]> {
  const paired: AppendLevel[] = [];
  for (const level of levels) {
    const turns = await inTurns(plan.pairRounds, {
      ours: () => eventsPerSecond(ours, level.inFlight, plan.pairSliceMs),
      plain: () => eventsPerSecond(plain, level.inFlight, plan.pairSliceMs),
    });
    paired.push({ ...level, plain: spreadOf(turns.plain), ratioPlain: ratioOf(turns.ours, turns.plain) });
  }
  return paired;
}
