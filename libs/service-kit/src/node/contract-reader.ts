import { contractCatalogue, type ContractPayload, readContractPayload } from '@acogida/contracts';
import type { ContractReader } from '@acogida/event-log';

/** Judges opened payloads by the contracts of this release; what stands in clear must not contradict what is sealed. */
export const contractReader: ContractReader = {
  read: (payload, clearClass) => {
    const reading = readContractPayload(payload);
    if (reading.status !== 'ok') return reading;
    const { class: ownClass } = contractCatalogue[reading.payload.type];
    if (ownClass !== clearClass) return { status: 'invalid', reason: `its class is ${ownClass}, not ${clearClass}` };
    // the same object, typed loosely: the inbox knows no contract by name
    return { status: 'ok', payload: reading.payload as unknown as ContractPayload };
  },
};
