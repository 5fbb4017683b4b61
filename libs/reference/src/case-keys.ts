import { codesOf, type Labels } from './code-list.ts';

/** Why an agency leaves the circle of a case (architecture.md §5). */
export const LEAVING_REASON_LABELS = {
  SERVICE_ENDED: { es: 'Terminó el servicio', en: 'The service ended' },
  CONSENT_WITHDRAWN: { es: 'Se retiró el consentimiento', en: 'The consent was withdrawn' },
  AGENCY_SUSPENDED: { es: 'La institución está suspendida', en: 'The agency is suspended' },
  AGENCY_CLOSED: { es: 'La institución cerró', en: 'The agency is closed' },
  KEY_REVOKED: { es: 'Se revocaron sus llaves', en: 'Its keys were revoked' },
  ADMITTED_IN_ERROR: { es: 'Se admitió por error', en: 'It was admitted in error' },
} as const satisfies Labels;
/** One of `LEAVING_REASON_LABELS`. */
export type LeavingReason = keyof typeof LEAVING_REASON_LABELS;
export const LEAVING_REASONS = codesOf(LEAVING_REASON_LABELS);
