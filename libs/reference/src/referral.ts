import { codesOf, type Labels } from './code-list.ts';

/** What one agency may ask of another (domain.md §1.4). */
export const REFERRAL_SERVICE_LABELS = {
  TRAFFICKING_SCREENING: { es: 'Identificación de víctimas de trata', en: 'Trafficking screening' },
  ASYLUM: { es: 'Asilo', en: 'Asylum' },
  SHELTER: { es: 'Albergue o casa segura', en: 'Shelter or safe house' },
  HEALTH: { es: 'Salud', en: 'Health' },
  PSYCHOSOCIAL: { es: 'Apoyo psicosocial', en: 'Psychosocial support' },
  LEGAL_AID: { es: 'Asistencia legal', en: 'Legal aid' },
  LIVELIHOOD: { es: 'Medios de vida', en: 'Livelihood' },
  CHILD_PROTECTION: { es: 'Protección de la niñez', en: 'Child protection' },
  FAMILY_MEDIATION: { es: 'Mediación familiar', en: 'Family mediation' },
  FAMILY_REUNIFICATION: { es: 'Reunificación familiar', en: 'Family reunification' },
  EDUCATION: { es: 'Educación', en: 'Education' },
  NON_FOOD_ITEMS: { es: 'Artículos no alimentarios', en: 'Non-food items' },
  WATER_SANITATION: { es: 'Agua y saneamiento', en: 'Water and sanitation' },
  DOCUMENTATION: { es: 'Registro y documentación', en: 'Registration and documentation' },
  FOOD: { es: 'Alimentación', en: 'Food' },
  POLICE_PROTECTION: { es: 'Protección policial', en: 'Police protection' },
  INTERPRETATION: { es: 'Interpretación', en: 'Interpretation' },
} as const satisfies Labels;
/** One of `REFERRAL_SERVICE_LABELS`. */
export type ReferralService = keyof typeof REFERRAL_SERVICE_LABELS;
export const REFERRAL_SERVICES = codesOf(REFERRAL_SERVICE_LABELS);

/** How soon a referral must be acknowledged (domain.md §1.4). */
export const URGENCY_LABELS = {
  LIFE_SAVING: { es: 'Vital (1 hora)', en: 'Life-saving (1 hour)' },
  URGENT: { es: 'Urgente (24 horas)', en: 'Urgent (24 hours)' },
  PRIORITY: { es: 'Prioritaria (72 horas)', en: 'Priority (72 hours)' },
  ROUTINE: { es: 'Ordinaria (7 días)', en: 'Routine (7 days)' },
} as const satisfies Labels;
/** One of `URGENCY_LABELS`. */
export type Urgency = keyof typeof URGENCY_LABELS;
export const URGENCIES = codesOf(URGENCY_LABELS);

const HOUR_MS = 60 * 60 * 1000;

/** Time to acknowledge, in milliseconds, per urgency; calendar time. */
export const ACKNOWLEDGE_WITHIN_MS: Readonly<Record<Urgency, number>> = {
  LIFE_SAVING: HOUR_MS,
  URGENT: 24 * HOUR_MS,
  PRIORITY: 72 * HOUR_MS,
  ROUTINE: 7 * 24 * HOUR_MS,
};

/** Why a person is referred. */
export const REFERRAL_REASON_LABELS = {
  TRAFFICKING_SUSPECTED: { es: 'Sospecha de trata', en: 'Trafficking suspected' },
  ASYLUM_INTENT: { es: 'Solicita o teme volver', en: 'Asks for asylum or fears return' },
  CHILD_AT_RISK: { es: 'Niñez en riesgo', en: 'Child at risk' },
  URGENT_NEED: { es: 'Necesidad urgente', en: 'Urgent need' },
  SPECIFIC_NEED: { es: 'Necesidad específica', en: 'Specific need' },
  FAMILY_UNITY: { es: 'Unidad familiar', en: 'Family unity' },
  CONTINUITY_OF_CARE: { es: 'Continuidad de la atención', en: 'Continuity of care' },
  PERSON_REQUEST: { es: 'A petición de la persona', en: 'At the person’s request' },
} as const satisfies Labels;
/** One of `REFERRAL_REASON_LABELS`. */
export type ReferralReason = keyof typeof REFERRAL_REASON_LABELS;
export const REFERRAL_REASONS = codesOf(REFERRAL_REASON_LABELS);

/** Why a referral is not taken on (domain.md §1.4). */
export const REJECT_REASON_LABELS = {
  NO_CAPACITY: { es: 'Sin capacidad', en: 'No capacity' },
  OUT_OF_MANDATE: { es: 'Fuera de su mandato', en: 'Out of mandate' },
  NO_CONSENT: { es: 'Sin consentimiento', en: 'No consent' },
  DUPLICATE: { es: 'Duplicada', en: 'Duplicate' },
  PERSON_NOT_REACHED: { es: 'Persona no localizada', en: 'Person not reached' },
} as const satisfies Labels;
/** One of `REJECT_REASON_LABELS`. */
export type RejectReason = keyof typeof REJECT_REASON_LABELS;
export const REJECT_REASONS = codesOf(REJECT_REASON_LABELS);

/** How a referral ended. */
export const COMPLETION_RESULT_LABELS = {
  SERVICE_PROVIDED: { es: 'Servicio prestado', en: 'Service provided' },
  PARTLY_PROVIDED: { es: 'Prestado en parte', en: 'Partly provided' },
  NO_LONGER_NEEDED: { es: 'Ya no hace falta', en: 'No longer needed' },
  PERSON_DECLINED: { es: 'La persona lo rechazó', en: 'Person declined' },
} as const satisfies Labels;
/** One of `COMPLETION_RESULT_LABELS`. */
export type CompletionResult = keyof typeof COMPLETION_RESULT_LABELS;
export const COMPLETION_RESULTS = codesOf(COMPLETION_RESULT_LABELS);

/** What allows sharing (domain.md §1.3). */
export const CONSENT_BASIS_LABELS = {
  CONSENT: { es: 'Consentimiento', en: 'Consent' },
  VITAL_INTEREST: { es: 'Interés vital', en: 'Vital interest' },
  BEST_INTERESTS_OF_CHILD: { es: 'Interés superior de la niñez', en: 'Best interests of the child' },
} as const satisfies Labels;
/** One of `CONSENT_BASIS_LABELS`. */
export type ConsentBasis = keyof typeof CONSENT_BASIS_LABELS;
export const CONSENT_BASES = codesOf(CONSENT_BASIS_LABELS);

/** Form of a consent (domain.md §1.3). */
export const CONSENT_FORM_LABELS = {
  WRITTEN: { es: 'Por escrito', en: 'Written' },
  ORAL_WITNESSED: { es: 'Oral con testigo', en: 'Oral, witnessed' },
  THUMBPRINT: { es: 'Huella', en: 'Thumbprint' },
  NOT_RECORDED: { es: 'No consta', en: 'Not recorded' },
} as const satisfies Labels;
/** One of `CONSENT_FORM_LABELS`. */
export type ConsentForm = keyof typeof CONSENT_FORM_LABELS;
export const CONSENT_FORMS = codesOf(CONSENT_FORM_LABELS);

/** Who gave a consent. */
export const CONSENT_GIVER_LABELS = {
  SELF: { es: 'La persona', en: 'The person' },
  GUARDIAN: { es: 'Tutor o representante', en: 'Guardian' },
  NOT_APPLICABLE: { es: 'No aplica', en: 'Not applicable' },
} as const satisfies Labels;
/** One of `CONSENT_GIVER_LABELS`. */
export type ConsentGiver = keyof typeof CONSENT_GIVER_LABELS;
export const CONSENT_GIVERS = codesOf(CONSENT_GIVER_LABELS);
