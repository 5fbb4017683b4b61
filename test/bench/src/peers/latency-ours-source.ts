import { randomUUID } from 'node:crypto';
import type { Peer } from '../process/peer.ts';
import { CASE_FACTS } from './case-facts.ts';
import type { BenchAgency } from './bench-agency.ts';
import { openSource } from './node-parts.ts';
import { pacedSends } from './paced-sends.ts';

/** A node that publishes: each command opens a case; stamped when its commit is known. */
export async function open(options: {
  databaseUrl: string;
  brokers: readonly string[];
  agency: BenchAgency;
}): Promise<Peer> {
  const source = await openSource(options.databaseUrl, options.brokers, options.agency, 'node');
  await source.relay.start();
  return {
    operations: {
      send: async (pace: { count: number; perSecond: number }) => {
        const committed = new Map<string, bigint>();
        await pacedSends(pace, async () => {
          const caseId = randomUUID();
          await source.publish(caseId, CASE_FACTS.slice(0, 1));
          committed.set(`sample-${caseId}`, process.hrtime.bigint());
        });
        return committed;
      },
    },
    close: () => source.close(),
  };
}
