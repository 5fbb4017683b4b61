import type { KnownContractEvent } from '@acogida/contracts';
import type { AgencyKeysEvent } from './agency-keys.ts';

/** A rotation is published as it was signed. */
export function publishAgencyKeys(event: AgencyKeysEvent): KnownContractEvent {
  return { class: 'directory', caseId: null, type: 'AgencyKeysRotated', schemaVersion: 1, data: event.data };
}
