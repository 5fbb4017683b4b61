import type { ProcedureDefinition } from '@acogida/event-store';
import {
  type AgencyKeysCommand,
  agencyKeysDecider,
  type AgencyKeysEvent,
  type AgencyKeysState,
} from './agency-keys.ts';
import { publishAgencyKeys } from './publish.ts';

/** Rotations of the agency's own keys, stream `agency-keys-<agencyId>`; every node has it. */
export const agencyKeysProcedure: ProcedureDefinition<AgencyKeysCommand, AgencyKeysState, AgencyKeysEvent> = {
  name: 'agency-keys',
  decider: agencyKeysDecider,
  versions: { AgencyKeysRotated: 1 },
  upcasters: [],
  publish: publishAgencyKeys,
  caseOf: () => null,
};
