import { intakeNode } from '@acogida/intake';
import type { Peer } from '../process/peer.ts';
import { bootBenchNode, type BenchNodeOptions } from './bench-node.ts';

/** An intake node with everything that belongs to it: relay, log, inbox, logs. */
export async function open(options: BenchNodeOptions): Promise<Peer> {
  const { node, network, agencyId } = await bootBenchNode(intakeNode, options);
  return {
    operations: {
      target: async () => ({
        url: node.url,
        token: await network.token({ agency: agencyId, roles: ['border-officer'] }),
      }),
      cpu: async () => process.cpuUsage(),
    },
    close: () => node.stop(),
  };
}
