import type { AttemptEnd, ReturnDeclineReason } from '@acogida/reference';
import type { HoldChange } from '@acogida/safeguards';
import type { ReturnCaseEvent } from './return-case-events.ts';
import type { ReturnStage } from './return-case-state.ts';

const STANDS: HoldChange = { change: 'PLACE', kind: 'VOLUNTARINESS', insteadOf: null };
/** Lifts H-17, since a consent counts. */
export const IN_FORCE: HoldChange = {
  ...{ change: 'LIFT', kind: 'VOLUNTARINESS' },
  ...{ reason: 'CONSENT_IN_FORCE', reviewedBy: null },
};

/** Stages at which a confirmed consent stands. */
export const IN_FORCE_AT: readonly ReturnStage[] = ['CONSENTED', 'APPROVED'];

/** With a confirmed consent the H-17 of what was declined before goes as well: nothing else would ever lift it (INV-19). */
export function liftsDeclined(events: readonly ReturnCaseEvent[]): boolean {
  return events.some(({ type }) => type === 'VoluntarinessConfirmed');
}

/** Findings that speak against any return of the person, whatever was consented to elsewhere (INV-14). */
const AGAINST_ANY: readonly ReturnDeclineReason[] = ['UNSAFE', 'NOT_VOLUNTARY'];

/** Whether it matters if the person's consent in another return case is in force. */
export function asksForAnother(events: readonly ReturnCaseEvent[]): boolean {
  return events.some(({ type }) => type === 'ReturnDeclined');
}

/**
 * What events of a return case do to H-17 (domain.md §1.5): it stands but while a consent is in force.
 *
 * @param hasAnother the person has a confirmed consent in another return case
 */
export function holdsOfReturn(events: readonly ReturnCaseEvent[], hasAnother = false): readonly HoldChange[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'ReturnApplicationSubmitted':
      case 'ReturnConsentWithdrawn':
      case 'ReturnConsentExpired':
      case 'ChildNoted':
      case 'DepartureTakenBack':
        return [STANDS];
      case 'ReturnDeclined':
        return [hasAnother && !AGAINST_ANY.includes(event.data.reason) ? IN_FORCE : STANDS];
      case 'VoluntarinessConfirmed':
        return [IN_FORCE];
      case 'ReturnCounsellingProvided':
      case 'VoluntaryConsentSigned':
      case 'CoolingOffEnded':
      case 'ReturnApproved':
      case 'DepartureConfirmed':
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
