import type { Decider, Upcaster } from '@acogida/core';
import { type ConsentRegister, evolveConsents, NO_CONSENTS } from './consent.ts';
import type { ConsentCommand } from './consent-commands.ts';
import type { ConsentEvent } from './consent-events.ts';
import { decideConsent } from './decide-consent.ts';
import { publishConsent } from './publish.ts';

/** The consents of one case, the same at every agency. */
export const consentDecider: Decider<ConsentCommand, ConsentRegister, ConsentEvent> = {
  initialState: NO_CONSENTS,
  decide: decideConsent,
  evolve: evolveConsents,
};

/** Current schema version of each event. */
export const consentVersions: Readonly<Record<ConsentEvent['type'], number>> = {
  ConsentRequested: 1,
  ConsentGranted: 1,
  ConsentRefused: 1,
  ConsentWithdrawn: 1,
  ConsentExpired: 1,
  ConsentTold: 1,
  ConsentNoted: 1,
  WithdrawalNoted: 1,
  WithdrawalAcknowledged: 1,
  WithdrawalAcknowledgementNoted: 1,
  ContactConfirmed: 1,
  ContactAttempted: 1,
  SharingOverridden: 1,
};

/** Readers of old versions. */
export const consentUpcasters: readonly Upcaster[] = [];

/** The procedure as the edge runs it, on streams `consent-<caseId>`; fits `ProcedureDefinition` of @acogida/event-store. */
export const consentProcedure = {
  name: 'consent',
  decider: consentDecider,
  versions: consentVersions,
  upcasters: consentUpcasters,
  publish: publishConsent,
  caseOf: (_: ConsentRegister, caseId: string) => caseId,
} as const;
