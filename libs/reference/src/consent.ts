import { codesOf, type Labels } from './code-list.ts';

// Bases, forms and givers of a consent stand in referral.ts: the referral carried them before consent was a procedure.

/** What a consent is for (domain.md §1.3). `REFERRAL` goes with the services and recipients that its scope names. */
export const CONSENT_PURPOSE_LABELS = {
  ASSISTANCE: { es: 'Asistencia', en: 'Assistance' },
  REFERRAL: { es: 'Referencia a otra institución', en: 'Referral to another agency' },
  DATA_SHARING_REGIONAL: { es: 'Intercambio regional de datos', en: 'Regional data sharing' },
  CONSULAR_CONTACT: { es: 'Contacto consular', en: 'Consular contact' },
  LAW_ENFORCEMENT_COOPERATION: { es: 'Cooperación con la justicia', en: 'Law enforcement cooperation' },
  MEDICAL: { es: 'Atención médica', en: 'Medical care' },
  RETURN: { es: 'Retorno', en: 'Return' },
  MEDIA: { es: 'Medios de comunicación', en: 'Media' },
  RESEARCH: { es: 'Investigación', en: 'Research' },
} as const satisfies Labels;
/** One of `CONSENT_PURPOSE_LABELS`. */
export type ConsentPurpose = keyof typeof CONSENT_PURPOSE_LABELS;
export const CONSENT_PURPOSES = codesOf(CONSENT_PURPOSE_LABELS);

/** What may be shared: parts of what is known of a person (domain.md §1.2, "scope of fields" of §1.3). */
export const CONSENT_FIELD_LABELS = {
  NAME: { es: 'Nombre', en: 'Name' },
  DATE_OF_BIRTH: { es: 'Fecha de nacimiento', en: 'Date of birth' },
  SEX: { es: 'Sexo', en: 'Sex' },
  NATIONALITY: { es: 'Nacionalidad', en: 'Nationality' },
  AGE_BAND: { es: 'Grupo de edad', en: 'Age band' },
  DOCUMENTS: { es: 'Documentos', en: 'Documents' },
  CONTACT: { es: 'Datos de contacto', en: 'Contact details' },
  LANGUAGES: { es: 'Idiomas', en: 'Languages' },
  NEEDS: { es: 'Necesidades específicas', en: 'Specific needs' },
  FAMILY: { es: 'Familia', en: 'Family' },
  HISTORY: { es: 'Historia del caso', en: 'History of the case' },
  NOTES: { es: 'Notas', en: 'Notes' },
  FACTS: { es: 'Datos codificados de la referencia', en: 'Coded facts of the referral' },
} as const satisfies Labels;
/** One of `CONSENT_FIELD_LABELS`. */
export type ConsentField = keyof typeof CONSENT_FIELD_LABELS;
export const CONSENT_FIELDS = codesOf(CONSENT_FIELD_LABELS);

/** Whether a child agreed to what its guardian consented to (domain.md §1.3). */
export const CONSENT_ASSENT_LABELS = {
  YES: { es: 'Está de acuerdo', en: 'Agrees' },
  NO: { es: 'No está de acuerdo', en: 'Does not agree' },
  TOO_YOUNG: { es: 'Demasiado pequeña o pequeño para opinar', en: 'Too young to say' },
  NOT_APPLICABLE: { es: 'No aplica', en: 'Not applicable' },
} as const satisfies Labels;
/** One of `CONSENT_ASSENT_LABELS`. */
export type ConsentAssent = keyof typeof CONSENT_ASSENT_LABELS;
export const CONSENT_ASSENTS = codesOf(CONSENT_ASSENT_LABELS);

/** How far back what is shared reaches: what is so now, or all since the case was opened. */
export const CONSENT_HISTORY_LABELS = {
  CURRENT: { es: 'Solo lo actual', en: 'Only what is so now' },
  FROM_OPENING: { es: 'Desde el inicio del caso', en: 'Since the case was opened' },
} as const satisfies Labels;
/** One of `CONSENT_HISTORY_LABELS`. */
export type ConsentHistory = keyof typeof CONSENT_HISTORY_LABELS;
export const CONSENT_HISTORIES = codesOf(CONSENT_HISTORY_LABELS);

/** Why a consent is withdrawn. Nobody has to say: `NOT_STATED` is as good as any. */
export const WITHDRAWAL_REASON_LABELS = {
  NOT_STATED: { es: 'No lo dice', en: 'Not stated' },
  NO_LONGER_WANTED: { es: 'Ya no lo quiere', en: 'No longer wanted' },
  SAFETY_CONCERN: { es: 'Teme por su seguridad', en: 'Safety concern' },
  SERVICE_ENDED: { es: 'El servicio terminó', en: 'The service ended' },
  USED_OTHERWISE: { es: 'Los datos se usaron para otra cosa', en: 'Data were used for something else' },
} as const satisfies Labels;
/** One of `WITHDRAWAL_REASON_LABELS`. */
export type WithdrawalReason = keyof typeof WITHDRAWAL_REASON_LABELS;
export const WITHDRAWAL_REASONS = codesOf(WITHDRAWAL_REASON_LABELS);

/** What an agency may hold of a case after its consent was withdrawn. */
export const RETENTION_CATEGORY_LABELS = {
  CONSENT_RECORD: { es: 'Registro del consentimiento y de su retiro', en: 'Record of the consent and its withdrawal' },
  REFERRAL_RECORD: { es: 'Registro codificado de la referencia', en: 'Coded record of the referral' },
  CASE_FILE: { es: 'Expediente del procedimiento', en: 'File of the procedure' },
  IDENTITY: { es: 'Datos de identidad', en: 'Identity data' },
  ATTACHMENTS: { es: 'Documentos adjuntos', en: 'Attachments' },
} as const satisfies Labels;
/** One of `RETENTION_CATEGORY_LABELS`. */
export type RetentionCategory = keyof typeof RETENTION_CATEGORY_LABELS;
export const RETENTION_CATEGORIES = codesOf(RETENTION_CATEGORY_LABELS);

/** On what an agency rests when it keeps something although the consent was withdrawn. */
export const RETENTION_BASIS_LABELS = {
  PROOF_OF_CONSENT: { es: 'Prueba de que se consintió y se retiró', en: 'Proof that consent was given and withdrawn' },
  OPEN_PROCEDURE: { es: 'Procedimiento de protección en curso', en: 'Protection procedure under way' },
  PUBLIC_RECORD: { es: 'Obligación legal de conservar el acto público', en: 'Legal duty to keep a public record' },
  LEGAL_CLAIMS: { es: 'Defensa de derechos o recursos', en: 'Legal claims or remedies' },
  CHILD_PROTECTION: { es: 'Protección de una niña o un niño', en: 'Protection of a child' },
  VITAL_INTEREST: { es: 'Interés vital', en: 'Vital interest' },
  LEGAL_HOLD: { es: 'Orden de conservarlo por razones legales', en: 'Order to keep it for legal reasons' },
} as const satisfies Labels;
/** One of `RETENTION_BASIS_LABELS`. */
export type RetentionBasis = keyof typeof RETENTION_BASIS_LABELS;
export const RETENTION_BASES = codesOf(RETENTION_BASIS_LABELS);

/** Why something is shared although no consent allows it; never past a deny rule. */
export const OVERRIDE_REASON_LABELS = {
  LIFE_AT_RISK: { es: 'La vida corre peligro', en: 'Life at risk' },
  CHILD_AT_RISK: { es: 'Una niña o un niño corre peligro', en: 'Child at risk' },
  COURT_ORDER: { es: 'Orden judicial', en: 'Court order' },
  LEGAL_DUTY: { es: 'Obligación legal', en: 'Legal duty' },
} as const satisfies Labels;
/** One of `OVERRIDE_REASON_LABELS`. */
export type OverrideReason = keyof typeof OVERRIDE_REASON_LABELS;
export const OVERRIDE_REASONS = codesOf(OVERRIDE_REASON_LABELS);

/** Languages of the receipt that a person is given, BCP 47. */
export const RECEIPT_LANGUAGES = ['es', 'en', 'pt', 'fr', 'ht'] as const;
/** One of `RECEIPT_LANGUAGES`. */
export type ReceiptLanguage = (typeof RECEIPT_LANGUAGES)[number];

const RECEIPT_LANGUAGE_OF: ReadonlyMap<string, ReceiptLanguage> = new Map([
  ['spa', 'es'],
  ['eng', 'en'],
  ['por', 'pt'],
  ['fra', 'fr'],
  ['hat', 'ht'],
]);

/** The receipt's language for a language that a person understands (ISO 639-3); Spanish where there is none of its own. */
export function receiptLanguageOf(language: string | null): ReceiptLanguage {
  return RECEIPT_LANGUAGE_OF.get(language ?? 'spa') ?? 'es';
}
