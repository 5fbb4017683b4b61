import type { ProcedureDefinition } from '@acogida/event-store';
import {
  type NodeAddressCommand,
  nodeAddressDecider,
  type NodeAddressEvent,
  type NodeAddressState,
} from './node-address.ts';
import { publishNodeAddress } from './publish.ts';

/** On the one stream `node-address-<agencyId>`; every node with channel services has it. */
export const nodeAddressProcedure: ProcedureDefinition<NodeAddressCommand, NodeAddressState, NodeAddressEvent> = {
  name: 'node-address',
  decider: nodeAddressDecider,
  versions: { NodeAddressAnnounced: 1 },
  upcasters: [],
  publish: publishNodeAddress,
  caseOf: () => null,
};
