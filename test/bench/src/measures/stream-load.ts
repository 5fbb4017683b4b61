import { withPeers } from '../process/peer-process.ts';
import { medianOf, ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

/** Events of the stream that is loaded. */
const STREAM_LENGTH = 200;
const POOL_SIZE = 4;

/** Milliseconds at the median of a round to load one stream of 200 events. */
export interface StreamLoadResult {
  readonly oursMs: Spread;
  readonly emmettMs: Spread;
  readonly rawMs: Spread;
  readonly ratioPeer: Spread;
  readonly ratioRaw: Spread;
  /** Ours with nothing encrypted. */
  readonly plainMs: Spread;
}

/** Loads one stream: ours verified against its chain and head and decrypted, the others as they come. */
export async function measureStreamLoad({ server, plan, progress }: BenchContext): Promise<StreamLoadResult> {
  progress('stream-load');
  const wanted = [
    ['store-ours', { databaseUrl: await server.createDatabase('load_ours'), sealing: 'node' }],
    ['store-ours', { databaseUrl: await server.createDatabase('load_plain'), sealing: 'plain' }],
    ['store-emmett', { databaseUrl: await server.createDatabase('load_emmett'), poolSize: POOL_SIZE }],
    ['store-raw', { databaseUrl: await server.createDatabase('load_raw'), poolSize: POOL_SIZE }],
  ] as const;
  return withPeers(wanted, async ([ours, plain, emmett, raw]) => {
    for (const peer of [ours, plain, emmett, raw]) {
      await peer.call('writeStream', STREAM_LENGTH);
      await peer.call('readStream', plan.warmUpMs);
    }
    const medianMs = async (peer: typeof ours): Promise<number> =>
      medianOf(await peer.call<readonly number[]>('readStream', plan.sliceMs));
    const turns = await inTurns(plan.rounds, {
      ours: () => medianMs(ours),
      plain: () => medianMs(plain),
      emmett: () => medianMs(emmett),
      raw: () => medianMs(raw),
    });
    return {
      ...{ oursMs: spreadOf(turns.ours), emmettMs: spreadOf(turns.emmett), rawMs: spreadOf(turns.raw) },
      ratioPeer: ratioOf(turns.ours, turns.emmett),
      ratioRaw: ratioOf(turns.ours, turns.raw),
      plainMs: spreadOf(turns.plain),
    };
  });
}
