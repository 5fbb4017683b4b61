import { topicOf } from '@acogida/event-log';
import { createAgency } from '../peers/bench-agency.ts';
import { withPeers } from '../process/peer-process.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { type BenchContext, inTurns } from './context.ts';

/** Events per second. */
export interface RebuildResult {
  readonly events: number;
  readonly ours: Spread;
  readonly raw: Spread;
  readonly ratioRaw: Spread;
}

interface Consumed {
  readonly events: number;
  readonly seconds: number;
}

/** Rebuilds a timeline from the log beside reading the same records with kafkajs; null where there is no broker. */
export async function measureRebuild({ server, broker, plan, progress }: BenchContext): Promise<RebuildResult | null> {
  const { brokers } = broker;
  if (brokers === null) return null;
  const agency = createAgency('rebuild');
  const databases = {
    sourceUrl: await server.createDatabase('rebuild_source'),
    readerUrl: await server.createDatabase('rebuild_reader'),
  };
  const wanted = [
    ['rebuild-ours', { ...databases, brokers, agency }],
    ['rebuild-raw', { brokers, topic: topicOf(agency.agencyId) }],
  ] as const;
  return withPeers(wanted, async ([ours, raw]) => {
    progress(`rebuild: publishing and receiving ${plan.rebuildEvents} events`);
    await ours.call('prepare', plan.rebuildEvents);
    const perSecond = ({ events, seconds }: Consumed): number => {
      if (events < plan.rebuildEvents) throw new Error(`${events} of ${plan.rebuildEvents} events were read`);
      return events / seconds;
    };
    const rebuildOnce = async (): Promise<number> => perSecond(await ours.call<Consumed>('rebuild'));
    const consumeOnce = async (): Promise<number> => perSecond(await raw.call<Consumed>('consume'));
    progress('rebuild');
    await rebuildOnce();
    await consumeOnce();
    await server.settle();
    const turns = await inTurns(plan.rounds, { ours: rebuildOnce, raw: consumeOnce });
    return {
      events: plan.rebuildEvents,
      ...{ ours: spreadOf(turns.ours), raw: spreadOf(turns.raw) },
      ratioRaw: ratioOf(turns.ours, turns.raw),
    };
  });
}
