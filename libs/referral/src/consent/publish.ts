import type { KnownContractEvent } from '@acogida/contracts';
import { ANY_LISTED_FOR_SERVICE, type ConsentFacts, type ConsentScope } from './consent.ts';
import type { ConsentEvent } from './consent-events.ts';

type ConsentContract = Extract<KnownContractEvent, { class: 'consent' }>;
type GrantedData = Extract<ConsentContract, { type: 'ConsentGranted' }>['data'];

/** What others learn of a consent; each field is named, so that a new private one cannot slip out. */
function grantedData(facts: ConsentFacts): GrantedData {
  const { consentId, language, interpretation, form, givenBy, childAssent, basis, expiresAt } = facts;
  const { purposes, fields, services, history, recipients } = facts.scope;
  return {
    ...{ consentId, language, interpretation, form, givenBy, childAssent, basis, expiresAt },
    ...{ purposes: [...purposes], fields: [...fields], services: [...services], history },
    recipients: recipients === ANY_LISTED_FOR_SERVICE ? null : [...recipients],
  };
}

/** The consent that another agency published. Inverse of what `publishConsent` makes of `ConsentGranted`. */
export function consentFactsOf(data: GrantedData, caseId: string): ConsentFacts {
  const { purposes, fields, services, history, recipients, ...facts } = data;
  const scope: ConsentScope = {
    ...{ purposes, fields, services, history },
    recipients: recipients ?? ANY_LISTED_FOR_SERVICE,
  };
  return { ...facts, caseId, scope };
}

/**
 * The contract event that a consent event becomes. Requests, refusals, second persons, attempts and overrides stay at the
 * agency, and so does the reason of a withdrawal: it may be a complaint about whoever would read it.
 */
export function publishConsent(event: ConsentEvent): KnownContractEvent | null {
  const frame = { class: 'consent', schemaVersion: 1 } as const;
  switch (event.type) {
    case 'ConsentGranted': {
      const { caseId, grantedAt } = event.data;
      return { ...frame, type: event.type, caseId, occurredAt: grantedAt, data: grantedData(event.data) };
    }
    case 'ConsentWithdrawn': {
      const { caseId, consentId, withdrawnAt, lodgedAt, form, language, interpretation } = event.data;
      const data = { consentId, withdrawnAt, lodgedAt, form, language, interpretation };
      return { ...frame, type: event.type, caseId, occurredAt: withdrawnAt, data };
    }
    case 'ConsentExpired': {
      const { caseId, consentId, expiredAt } = event.data;
      return { ...frame, type: event.type, caseId, occurredAt: expiredAt, data: { consentId, expiredAt } };
    }
    case 'WithdrawalAcknowledged': {
      const { caseId, consentId, acknowledgedAt, destroyed, retained } = event.data;
      const data = {
        consentId,
        destroyed: [...destroyed],
        retained: retained.map(({ category, legalBasis, until }) => ({ category, legalBasis, until })),
      };
      return { ...frame, type: event.type, caseId, occurredAt: acknowledgedAt, data };
    }
    case 'ConsentRequested':
    case 'ConsentRefused':
    case 'ConsentNoted':
    case 'WithdrawalNoted':
    case 'WithdrawalAcknowledgementNoted':
    case 'ContactConfirmed':
    case 'ContactAttempted':
    case 'SharingOverridden':
      return null;
  }
}
