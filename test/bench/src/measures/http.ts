import type { LoopCount } from '../peers/closed-loop.ts';
import type { HttpTarget } from '../peers/http-load.ts';
import { PeerProcess, withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

const IN_FLIGHT = 64;
const POOL_SIZES = [16, 32, 64] as const;

/** Durable commands per second over HTTP, 64 connections. */
export interface HttpResult {
  readonly ours: Spread;
  readonly emmett: Spread;
  readonly ratioPeer: Spread;
  readonly poolSizes: { readonly emmett: number };
}

async function commandsPerSecond(load: PeerProcess, peer: PeerProcess, durationMs: number): Promise<number> {
  const target = await peer.call<HttpTarget>('target');
  const { done, seconds } = await load.call<LoopCount>('run', { ...target, inFlight: IN_FLIGHT, durationMs });
  return done / seconds;
}

async function bestPoolSize(load: PeerProcess, databaseUrl: string, { plan }: BenchContext): Promise<number> {
  const tried: { poolSize: number; figure: number }[] = [];
  for (const poolSize of POOL_SIZES) {
    const peer = await PeerProcess.start('http-emmett', { databaseUrl, poolSize });
    try {
      await commandsPerSecond(load, peer, plan.warmUpMs);
      tried.push({ poolSize, figure: await commandsPerSecond(load, peer, plan.sliceMs) });
    } finally {
      await peer.stop();
    }
  }
  return tried.toSorted((left, right) => right.figure - left.figure)[0]?.poolSize ?? POOL_SIZES[0];
}

/** Opens cases through an intake node, and through NestJS with Emmett behind the same edge. */
export async function measureHttp(context: BenchContext): Promise<HttpResult> {
  const { server, broker, plan, progress } = context;
  const emmettUrl = await server.createDatabase('http_emmett');
  const oursUrl = await server.createDatabase('http_ours');
  return withPeers([['http-load', {}]] as const, async ([load]) => {
    progress('http: pool sizes of the peer');
    const poolSize = await bestPoolSize(load, emmettUrl, context);
    const wanted = [
      ['http-ours', { databaseUrl: oursUrl, brokers: broker.brokers }],
      ['http-emmett', { databaseUrl: emmettUrl, poolSize }],
    ] as const;
    return withPeers(wanted, async ([ours, emmett]) => {
      for (const peer of [ours, emmett]) await commandsPerSecond(load, peer, 2 * plan.warmUpMs);
      progress('http');
      await server.settle();
      const turns = await inTurns(plan.rounds, {
        ours: () => commandsPerSecond(load, ours, plan.sliceMs),
        emmett: () => commandsPerSecond(load, emmett, plan.sliceMs),
      });
      return {
        ...{ ours: spreadOf(turns.ours), emmett: spreadOf(turns.emmett) },
        ratioPeer: ratioOf(turns.ours, turns.emmett),
        poolSizes: { emmett: poolSize },
      };
    });
  });
}
