import { setTimeout as pause } from 'node:timers/promises';
import { intakeNode } from '@acogida/intake';
import type { RunningNode } from '@acogida/service-kit';
import type { Peer } from '../process/peer.ts';
import { bootBenchNode, type BenchNodeOptions } from './bench-node.ts';

const UNNUMBERED = 'SELECT EXISTS (SELECT FROM es.outbox WHERE number IS NULL) AS left';

/** Until the relay has given a number to all that is published. */
async function untilNumbered({ runtime: { pool } }: RunningNode): Promise<void> {
  while ((await pool.query<{ left: boolean }>(UNNUMBERED)).rows[0]?.left === true) await pause(2);
}

/** An intake node with everything that belongs to it: relay, log, inbox, logs. */
export async function open(options: BenchNodeOptions): Promise<Peer> {
  const { node, network, agencyId } = await bootBenchNode(intakeNode, options);
  return {
    operations: {
      target: async () => ({
        url: node.url,
        token: await network.token({ agency: agencyId, roles: ['border-officer'] }),
      }),
      untilNumbered: () => untilNumbered(node),
      cpu: async () => process.cpuUsage(),
    },
    close: () => node.stop(),
  };
}
