import type { Upcaster } from '@acogida/core';
import type { ContractEvent, ContractPayload } from './contract-event.ts';
import type { ContractDataByType, contractCatalogue } from './generated/catalogue.ts';
import { directoryUpcasters } from './upcasters/directory-upcasters.ts';
import { referralUpcasters } from './upcasters/referral-upcasters.ts';
import { transferRequestUpcasters } from './upcasters/transfer-request-upcasters.ts';

/** A contract event type that this release knows. */
export type ContractType = keyof ContractDataByType;

/** A contract event that this release knows, discriminated by `type`, its data at the current version. */
export type KnownContractEvent = {
  [T in ContractType]: ContractEvent<T, ContractDataByType[T]> & {
    readonly class: (typeof contractCatalogue)[T]['class'];
  };
}[ContractType];

/** What stood inside the seal of a known contract event, discriminated by `type`, lifted to the current version. */
export type KnownContractPayload = {
  [T in ContractType]: Omit<ContractPayload, 'type' | 'data'> & {
    readonly type: T;
    readonly data: ContractDataByType[T];
  };
}[ContractType];

/** Lifts old versions of published data. Only ever added to: the log keeps every version ever written. */
export const contractUpcasters: readonly Upcaster[] = [
  ...directoryUpcasters,
  ...referralUpcasters,
  ...transferRequestUpcasters,
];
