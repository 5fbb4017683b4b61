import type { AttemptEnd } from '@acogida/reference';
import type { HoldChange } from '@acogida/safeguards';
import type { ReturnCaseEvent } from './return-case-events.ts';

const STANDS: HoldChange = { change: 'PLACE', kind: 'VOLUNTARINESS', insteadOf: null };
const IN_FORCE: HoldChange = {
  ...{ change: 'LIFT', kind: 'VOLUNTARINESS' },
  ...{ reason: 'CONSENT_IN_FORCE', reviewedBy: null },
};

/** What events of a return case do to H-17 (domain.md §1.5): it stands but while a consent is in force. */
export function holdsOfReturn(events: readonly ReturnCaseEvent[]): readonly HoldChange[] {
  return events.flatMap(({ type }) => {
    switch (type) {
      case 'ReturnApplicationSubmitted':
      case 'ReturnConsentWithdrawn':
      case 'ReturnConsentExpired':
      case 'ChildNoted':
      case 'ReturnDeclined':
        return [STANDS];
      case 'VoluntarinessConfirmed':
        return [IN_FORCE];
      case 'ReturnCounsellingProvided':
      case 'VoluntaryConsentSigned':
      case 'CoolingOffEnded':
      case 'ReturnApproved':
      case 'DepartureConfirmed':
      case 'DepartureTakenBack':
        return [];
    }
  });
}

/** Why an attempt at the gate ends with them; null where it goes on. */
export function attemptEndOf(
  events: readonly ReturnCaseEvent[],
): Extract<AttemptEnd, 'CONSENT_WITHDRAWN' | 'CALLED_OFF'> | null {
  for (const { type } of events) {
    switch (type) {
      case 'ReturnConsentWithdrawn':
      case 'ReturnConsentExpired':
      case 'ChildNoted':
        return 'CONSENT_WITHDRAWN';
      case 'ReturnDeclined':
        return 'CALLED_OFF';
      case 'ReturnApplicationSubmitted':
      case 'ReturnCounsellingProvided':
      case 'VoluntaryConsentSigned':
      case 'CoolingOffEnded':
      case 'VoluntarinessConfirmed':
      case 'ReturnApproved':
      case 'DepartureConfirmed':
      case 'DepartureTakenBack':
    }
  }
  return null;
}
