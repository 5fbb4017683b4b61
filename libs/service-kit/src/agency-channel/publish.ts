import type { KnownContractEvent } from '@acogida/contracts';
import type { NodeAddressEvent } from './node-address.ts';

/** An address is published as it is: it stands in clear, as all of the directory. */
export function publishNodeAddress({ data: { url, announcedAt } }: NodeAddressEvent): KnownContractEvent {
  const frame = { class: 'directory', caseId: null, schemaVersion: 1 } as const;
  return { ...frame, type: 'NodeAddressAnnounced', occurredAt: announcedAt, data: { url } };
}
