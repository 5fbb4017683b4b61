import { codesOf, type Labels } from './code-list.ts';

/** What people read of where a referral stands; finer than the codes of BSeR, onto which `BSER_CODES` maps it. */
export const BUSINESS_STATUS_LABELS = {
  DRAFTED: { es: 'Borrador', en: 'Drafted' },
  AWAITING_ACKNOWLEDGEMENT: { es: 'Sin acuse de recibo', en: 'Awaiting acknowledgement' },
  UNDER_REVIEW: { es: 'En estudio', en: 'Under review' },
  WAITLISTED: { es: 'En lista de espera', en: 'Waitlisted' },
  INFORMATION_REQUESTED: { es: 'Falta información', en: 'Information requested' },
  AWAITING_SERVICE: { es: 'Aceptada, sin empezar', en: 'Accepted, awaiting service' },
  SERVICE_IN_PROGRESS: { es: 'En atención', en: 'Service in progress' },
  SERVICE_COMPLETED: { es: 'Atención concluida', en: 'Service completed' },
  COMPLETED_ALTHOUGH_CANCELLED: { es: 'Concluida pese a la anulación', en: 'Completed although cancelled' },
  DECLINED: { es: 'No aceptada', en: 'Declined' },
  NOT_PROVIDED: { es: 'No prestada', en: 'Service not provided' },
  CANCELLATION_TO_FOLLOW: { es: 'Anulación por cumplir', en: 'Cancellation to be followed' },
  CANCELLED: { es: 'Anulada', en: 'Cancelled' },
  EXPIRED: { es: 'Vencida', en: 'Expired' },
  ENTERED_IN_ERROR: { es: 'Registrada por error', en: 'Entered in error' },
  CLOSED: { es: 'Cerrada', en: 'Closed' },
} as const satisfies Labels;
/** One of `BUSINESS_STATUS_LABELS`. */
export type BusinessStatus = keyof typeof BUSINESS_STATUS_LABELS;
export const BUSINESS_STATUSES = codesOf(BUSINESS_STATUS_LABELS);

/**
 * Codes of `http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS` (BSeR STU 2): 2.0 created, 3.0 accepted, 4.0
 * declined, 5.2 cancellation requested, 6.0 fulfilment cancelled, 7.0 fulfilment completed. Null where it has
 * none: a draft, an error, and the sender’s last word, which is of no one fulfilment.
 */
export const BSER_CODES: Readonly<Record<BusinessStatus, string | null>> = {
  DRAFTED: null,
  AWAITING_ACKNOWLEDGEMENT: '2.0',
  UNDER_REVIEW: '2.0',
  WAITLISTED: '2.0',
  INFORMATION_REQUESTED: '2.0',
  AWAITING_SERVICE: '3.0',
  SERVICE_IN_PROGRESS: '3.0',
  SERVICE_COMPLETED: '7.0',
  COMPLETED_ALTHOUGH_CANCELLED: '7.0',
  DECLINED: '4.0',
  NOT_PROVIDED: '6.0',
  CANCELLATION_TO_FOLLOW: '5.2',
  CANCELLED: '6.0',
  EXPIRED: '6.0',
  ENTERED_IN_ERROR: null,
  CLOSED: null,
};
