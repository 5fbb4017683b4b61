import { topicOf } from '@acogida/event-log';
import { createAgency } from '../peers/bench-agency.ts';
import type { SealingKind } from '../peers/bench-sealing.ts';
import { type PeerProcess, withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

/** Events per second. */
export interface RebuildResult {
  readonly events: number;
  readonly ours: Spread;
  readonly raw: Spread;
  readonly ratioRaw: Spread;
  /** Ours where nothing was sealed. */
  readonly plain: Spread;
  readonly ratioPlain: Spread;
}

interface Consumed {
  readonly events: number;
  readonly seconds: number;
}

/**
 * Rebuilds a timeline from the log beside reading the same records with kafkajs, and beside one of the same events that nobody
 * sealed; null where there is no broker.
 */
export async function measureRebuild({ server, broker, plan, progress }: BenchContext): Promise<RebuildResult | null> {
  const { brokers } = broker;
  if (brokers === null) return null;
  const optionsOf = async (sealing: SealingKind) => ({
    ...{ brokers, sealing, agency: createAgency(`rebuild-${sealing}`) },
    sourceUrl: await server.createDatabase(`rebuild_source_${sealing}`),
    readerUrl: await server.createDatabase(`rebuild_reader_${sealing}`),
  });
  const sealed = await optionsOf('node');
  const wanted = [
    ['rebuild-ours', sealed],
    ['rebuild-ours', await optionsOf('plain')],
    ['rebuild-raw', { brokers, topic: topicOf(sealed.agency.agencyId) }],
  ] as const;
  return withPeers(wanted, async ([ours, plain, raw]) => {
    progress(`rebuild: publishing and receiving ${plan.rebuildEvents} events`);
    for (const peer of [ours, plain]) await peer.call('prepare', plan.rebuildEvents);
    const perSecond = ({ events, seconds }: Consumed): number => {
      if (events < plan.rebuildEvents) throw new Error(`${events} of ${plan.rebuildEvents} events were read`);
      return events / seconds;
    };
    const rebuildAt = async (peer: PeerProcess): Promise<number> => perSecond(await peer.call<Consumed>('rebuild'));
    const consumeOnce = async (): Promise<number> => perSecond(await raw.call<Consumed>('consume'));
    progress('rebuild');
    await rebuildAt(ours);
    await rebuildAt(plain);
    await consumeOnce();
    await server.settle();
    const turns = await inTurns(plan.rounds, {
      ours: () => rebuildAt(ours),
      plain: () => rebuildAt(plain),
      raw: consumeOnce,
    });
    return {
      events: plan.rebuildEvents,
      ...{ ours: spreadOf(turns.ours), raw: spreadOf(turns.raw) },
      ratioRaw: ratioOf(turns.ours, turns.raw),
      ...{ plain: spreadOf(turns.plain), ratioPlain: ratioOf(turns.ours, turns.plain) },
    };
  });
}
