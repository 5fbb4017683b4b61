import { type ContractReading, createContractReader } from './contract-reader.ts';
import { contractCatalogue } from './generated/catalogue.ts';
import { type ContractType, contractUpcasters, type KnownContractPayload } from './known-event.ts';

/** What a received payload turned out to be; see `ContractReading`. */
export type ReadContractPayload =
  | Exclude<ContractReading, { readonly status: 'ok' }>
  | { readonly status: 'ok'; readonly payload: KnownContractPayload };

const reader = createContractReader(contractCatalogue, contractUpcasters);

/** Whether this release knows the type. */
export function isContractType(type: string): type is ContractType {
  return Object.hasOwn(contractCatalogue, type);
}

/**
 * Checks the data of one event version against its schema.
 *
 * @returns undefined when it fits, else pointer and keyword of the first error, never a value
 */
export function contractDataFault(type: ContractType, version: number, data: unknown): string | undefined {
  return reader.dataFault(type, version, data);
}

/** Checks what stood inside a seal and lifts it to the current version of its type. Never throws. */
export function readContractPayload(payload: unknown): ReadContractPayload {
  // Its data was checked against the schema that the type was generated from.
  return reader.read(payload) as ReadContractPayload;
}
