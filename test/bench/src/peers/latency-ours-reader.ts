import { type ContractProjection, eventLogMigrations, topicOf } from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { timelineNode, timelineProjection } from '@acogida/timeline';
import pg from 'pg';
import { migrate } from '../environment/databases.ts';
import type { Peer } from '../process/peer.ts';
import type { BenchAgency } from './bench-agency.ts';
import { openReader } from './node-parts.ts';
import { Arrivals } from './paced-sends.ts';

/** Another agency's node: verifies, opens, projects the timeline; stamped when its transaction is committed. */
export async function open(options: {
  databaseUrl: string;
  brokers: readonly string[];
  agency: BenchAgency;
}): Promise<Peer> {
  await migrate(options.databaseUrl, [...eventStoreMigrations, ...eventLogMigrations, ...timelineNode.migrations]);
  const arrivals = new Arrivals();
  let applied: string[] = [];
  const stamping: ContractProjection = {
    name: 'bench-stamping',
    apply: async ({ opened }) => void (applied = opened.map(({ payload }) => payload.stream)),
    reset: async () => {},
  };
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10 });
  const reader = await openReader(pool, options.brokers, options.agency, {
    sealing: 'node',
    projections: [timelineProjection, stamping],
    onEffect: () => arrivals.add(applied, process.hrtime.bigint()),
  });
  await reader.log.subscribe({
    group: `bench.${options.agency.agencyId}`,
    topics: [topicOf(options.agency.agencyId)],
    from: 'beginning',
    handler: (topic, records) => reader.inbox.receive(topic, records),
  });
  return { operations: { take: (count: number) => arrivals.take(count) }, close: () => reader.close() };
}
