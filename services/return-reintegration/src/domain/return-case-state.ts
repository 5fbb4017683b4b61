import type { Instant } from '@acogida/core';
import type { CareStatus } from '@acogida/reference';
import type { CounsellingSession, ReturnApplication, ReturnCaseEvent, ReturnConsent } from './return-case-events.ts';

/** How far the case has come. After WITHDRAWN and EXPIRED the person may be counselled and consent anew; nobody has to. */
export const RETURN_STAGES = [
  'NOT_SUBMITTED',
  'SUBMITTED',
  'COUNSELLED',
  'COOLING_OFF',
  'TO_CONFIRM',
  'CONSENTED',
  'APPROVED',
  'DEPARTED',
  'WITHDRAWN',
  'EXPIRED',
  'DECLINED',
] as const;

/** One of `RETURN_STAGES`. */
export type ReturnStage = (typeof RETURN_STAGES)[number];

/** One return case. */
export interface ReturnCase {
  readonly stage: ReturnStage;
  readonly application: ReturnApplication | null;
  /** As it is known now; null for an adult. */
  readonly careStatus: CareStatus | null;
  /** Since the application, or since the last consent ended: what was said before does not inform the next one. */
  readonly sessions: readonly CounsellingSession[];
  /** When the last consent was withdrawn or expired: no earlier session informs another one, whenever it is recorded. */
  readonly endedAt: Instant | null;
  /** The consent that stands; null when there is none. */
  readonly consent: ReturnConsent | null;
  /** How many were signed. */
  readonly signed: number;
  /** Whether an officer has confirmed the consent that stands: only then H-17 is lifted. */
  readonly isConfirmed: boolean;
  /** When; null while it is not. */
  readonly confirmedAt: Instant | null;
  readonly departure: { readonly departureId: string; readonly departedAt: Instant } | null;
}

/** Before the application. */
export const RETURN_NOT_SUBMITTED: ReturnCase = {
  stage: 'NOT_SUBMITTED',
  application: null,
  careStatus: null,
  sessions: [],
  endedAt: null,
  consent: null,
  signed: 0,
  isConfirmed: false,
  confirmedAt: null,
  departure: null,
};

function consentEnded(state: ReturnCase, stage: ReturnStage): ReturnCase {
  return { ...state, stage, sessions: [], consent: null, isConfirmed: false, confirmedAt: null };
}

/** Where a session of counselling leads on; at any other stage it is one more. */
export const NEEDS_COUNSELLING: readonly ReturnStage[] = ['SUBMITTED', 'WITHDRAWN', 'EXPIRED'];

/** Folds one event into the case. */
export function evolveReturnCase(state: ReturnCase, event: ReturnCaseEvent): ReturnCase {
  switch (event.type) {
    case 'ReturnApplicationSubmitted': {
      const { careStatus } = event.data;
      return { ...state, stage: 'SUBMITTED', application: event.data, careStatus };
    }
    case 'ReturnCounsellingProvided': {
      const stage = NEEDS_COUNSELLING.includes(state.stage) ? 'COUNSELLED' : state.stage;
      return { ...state, stage, sessions: [...state.sessions, event.data] };
    }
    case 'VoluntaryConsentSigned':
      return { ...state, stage: 'COOLING_OFF', consent: event.data, signed: event.data.version };
    case 'CoolingOffEnded':
      return { ...state, stage: 'TO_CONFIRM' };
    case 'VoluntarinessConfirmed':
      return { ...state, stage: 'CONSENTED', isConfirmed: true, confirmedAt: event.data.confirmedAt };
    case 'ReturnConsentWithdrawn':
      return { ...consentEnded(state, 'WITHDRAWN'), endedAt: event.data.withdrawnAt };
    case 'ReturnConsentExpired':
      return { ...consentEnded(state, 'EXPIRED'), endedAt: event.data.expiredAt };
    case 'ChildNoted':
      return { ...consentEnded(state, 'SUBMITTED'), careStatus: event.data.careStatus };
    case 'ReturnApproved':
      return { ...state, stage: 'APPROVED' };
    case 'ReturnDeclined':
      return consentEnded(state, 'DECLINED');
    case 'DepartureConfirmed': {
      const { departureId, departedAt } = event.data;
      return { ...state, stage: 'DEPARTED', departure: { departureId, departedAt } };
    }
    case 'DepartureTakenBack': // what the person said meanwhile may not have been heard as said by somebody who is here
      return { ...state, stage: 'TO_CONFIRM', isConfirmed: false, confirmedAt: null, departure: null };
  }
}
