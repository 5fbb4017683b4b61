import { codesOf, type Labels } from './code-list.ts';

/** What an agency does (domain.md §1.1). */
export const AGENCY_KIND_LABELS = {
  INTAKE: { es: 'Recepción', en: 'Intake' },
  ASYLUM: { es: 'Asilo', en: 'Asylum' },
  COUNTER_TRAFFICKING: { es: 'Lucha contra la trata', en: 'Counter-trafficking' },
  CHILD_PROTECTION: { es: 'Protección de la niñez', en: 'Child protection' },
  PROFILING: { es: 'Perfilamiento', en: 'Profiling' },
  RETURN: { es: 'Retorno y reintegración', en: 'Return and reintegration' },
  OVERSIGHT: { es: 'Supervisión independiente', en: 'Independent oversight' },
  DIRECTORY: { es: 'Directorio regional', en: 'Regional directory' },
  SERVICE_PROVIDER: { es: 'Prestador de servicios', en: 'Service provider' },
} as const satisfies Labels;
/** One of `AGENCY_KIND_LABELS`. */
export type AgencyKind = keyof typeof AGENCY_KIND_LABELS;
export const AGENCY_KINDS = codesOf(AGENCY_KIND_LABELS);

/** Whether an agency takes part. */
export const AGENCY_STATUS_LABELS = {
  ACTIVE: { es: 'Activa', en: 'Active' },
  SUSPENDED: { es: 'Suspendida', en: 'Suspended' },
  CLOSED: { es: 'Cerrada', en: 'Closed' },
} as const satisfies Labels;
/** One of `AGENCY_STATUS_LABELS`. */
export type AgencyStatus = keyof typeof AGENCY_STATUS_LABELS;
export const AGENCY_STATUSES = codesOf(AGENCY_STATUS_LABELS);

/** Whether a service can take people on. */
export const CAPACITY_LABELS = {
  AVAILABLE: { es: 'Disponible', en: 'Available' },
  WAITLIST: { es: 'Lista de espera', en: 'Waitlist' },
  FULL: { es: 'Completa', en: 'Full' },
} as const satisfies Labels;
/** One of `CAPACITY_LABELS`. */
export type Capacity = keyof typeof CAPACITY_LABELS;
export const CAPACITIES = codesOf(CAPACITY_LABELS);

/** What an agency's focal point is for. */
export const FOCAL_POINT_ROLE_LABELS = {
  REFERRALS: { es: 'Referencias', en: 'Referrals' },
  EXTRA_CONTINENTAL: { es: 'Migración extracontinental', en: 'Extra-continental migration' },
  TRAFFICKING: { es: 'Trata de personas', en: 'Trafficking in persons' },
  ASYLUM: { es: 'Asilo', en: 'Asylum' },
} as const satisfies Labels;
/** One of `FOCAL_POINT_ROLE_LABELS`. */
export type FocalPointRole = keyof typeof FOCAL_POINT_ROLE_LABELS;
export const FOCAL_POINT_ROLES = codesOf(FOCAL_POINT_ROLE_LABELS);

/** What an agency is, which decides what it may ever be told (INV-05, INV-17). */
export const AGENCY_NATURE_LABELS = {
  PUBLIC_AUTHORITY: { es: 'Autoridad pública de protección', en: 'Public protection authority' },
  ENFORCEMENT: { es: 'Control migratorio o policía', en: 'Migration enforcement or police' },
  CONSULATE: { es: 'Consulado o embajada', en: 'Consulate or embassy' },
  RETURN: { es: 'Retorno', en: 'Return' },
  NGO: { es: 'Sociedad civil', en: 'Civil society' },
  INTERNATIONAL: { es: 'Organización internacional', en: 'International organisation' },
  OVERSIGHT: { es: 'Supervisión independiente', en: 'Independent oversight' },
} as const satisfies Labels;
/** One of `AGENCY_NATURE_LABELS`. */
export type AgencyNature = keyof typeof AGENCY_NATURE_LABELS;
export const AGENCY_NATURES = codesOf(AGENCY_NATURE_LABELS);

const NATURE_OF_KIND: Readonly<Record<AgencyKind, AgencyNature>> = {
  INTAKE: 'PUBLIC_AUTHORITY',
  ASYLUM: 'PUBLIC_AUTHORITY',
  COUNTER_TRAFFICKING: 'PUBLIC_AUTHORITY',
  CHILD_PROTECTION: 'PUBLIC_AUTHORITY',
  PROFILING: 'PUBLIC_AUTHORITY',
  RETURN: 'RETURN',
  OVERSIGHT: 'OVERSIGHT',
  DIRECTORY: 'INTERNATIONAL',
  SERVICE_PROVIDER: 'NGO',
};

/** The nature of an agency for which none was said. */
export function usualNature(kind: AgencyKind): AgencyNature {
  return NATURE_OF_KIND[kind];
}

/**
 * The State whose authority an agency is where nothing was said: for authorities, that of their jurisdiction. The cautious
 * reading, as an authority of the country of origin is told nothing without express consent (INV-05).
 */
export function usualAuthority(nature: AgencyNature, jurisdiction: string | null): string | null {
  return nature === 'PUBLIC_AUTHORITY' || nature === 'ENFORCEMENT' || nature === 'RETURN' ? jurisdiction : null;
}

/** How an agency takes part: with a node of its own, or answering by one-time links. */
export const PARTICIPATION_LABELS = {
  NODE: { es: 'Con nodo propio', en: 'With a node of its own' },
  LINK: { es: 'Por enlaces de respuesta', en: 'By answer links' },
} as const satisfies Labels;
/** One of `PARTICIPATION_LABELS`. */
export type Participation = keyof typeof PARTICIPATION_LABELS;
export const PARTICIPATIONS = codesOf(PARTICIPATION_LABELS);

/** Whether a service is offered: HSDS `service.status` in capitals. */
export const SERVICE_STATUS_LABELS = {
  ACTIVE: { es: 'Activo', en: 'Active' },
  INACTIVE: { es: 'Inactivo', en: 'Inactive' },
  DEFUNCT: { es: 'Suprimido', en: 'Defunct' },
  TEMPORARILY_CLOSED: { es: 'Cerrado temporalmente', en: 'Temporarily closed' },
} as const satisfies Labels;
/** One of `SERVICE_STATUS_LABELS`. */
export type ServiceStatus = keyof typeof SERVICE_STATUS_LABELS;
export const SERVICE_STATUSES = codesOf(SERVICE_STATUS_LABELS);

/** Where a person stands on the way from first contact to a solution (domain.md §2, after its procedures). */
export const PROFILE_STAGE_LABELS = {
  FIRST_CONTACT: { es: 'Primer contacto', en: 'First contact' },
  PROFILING: { es: 'Perfilamiento', en: 'Profiling' },
  IN_PROCEDURE: { es: 'En un procedimiento de protección', en: 'In a protection procedure' },
  PROTECTION_GRANTED: { es: 'Protección otorgada', en: 'Protection granted' },
  PROTECTION_REFUSED: { es: 'Protección denegada', en: 'Protection refused' },
  DURABLE_SOLUTION: { es: 'Solución duradera', en: 'Durable solution' },
  RETURN: { es: 'Retorno', en: 'Return' },
  REINTEGRATION: { es: 'Reintegración', en: 'Reintegration' },
} as const satisfies Labels;
/** One of `PROFILE_STAGE_LABELS`. */
export type ProfileStage = keyof typeof PROFILE_STAGE_LABELS;
export const PROFILE_STAGES = codesOf(PROFILE_STAGE_LABELS);

/** Kinds of agreements between agencies (domain.md §2.10); a written procedure of referral is one. */
export const AGREEMENT_KIND_LABELS = {
  BILATERAL: { es: 'Bilateral', en: 'Bilateral' },
  TRIPARTITE: { es: 'Tripartito', en: 'Tripartite' },
  COALITION: { es: 'Coalición', en: 'Coalition' },
  DATA_SHARING: { es: 'Intercambio de datos', en: 'Data sharing' },
  REFERRAL_PROCEDURE: { es: 'Procedimiento escrito de referencia', en: 'Written referral procedure' },
} as const satisfies Labels;
/** One of `AGREEMENT_KIND_LABELS`. */
export type AgreementKind = keyof typeof AGREEMENT_KIND_LABELS;
export const AGREEMENT_KINDS = codesOf(AGREEMENT_KIND_LABELS);

/** What an agreement lets its parties do with each other. */
export const AGREEMENT_PURPOSE_LABELS = {
  REFERRAL: { es: 'Referir', en: 'Refer' },
  TRANSFER: { es: 'Trasladar la responsabilidad del caso', en: 'Transfer custody of a case' },
  CONSULTATION: { es: 'Consultar sobre un caso', en: 'Consult on a case' },
  STATISTICS: { es: 'Compartir estadísticas', en: 'Share statistics' },
} as const satisfies Labels;
/** One of `AGREEMENT_PURPOSE_LABELS`. */
export type AgreementPurpose = keyof typeof AGREEMENT_PURPOSE_LABELS;
export const AGREEMENT_PURPOSES = codesOf(AGREEMENT_PURPOSE_LABELS);

/** Why a family may be separated by a referral or transfer all the same (INV-24). */
export const FAMILY_SEPARATION_REASON_LABELS = {
  CHILD_INTERESTS: { es: 'Interés de una niña o un niño', en: 'A child’s interests' },
  PROTECTION_RISK: { es: 'Riesgo de protección', en: 'Protection risk' },
} as const satisfies Labels;
/** One of `FAMILY_SEPARATION_REASON_LABELS`. */
export type FamilySeparationReason = keyof typeof FAMILY_SEPARATION_REASON_LABELS;
export const FAMILY_SEPARATION_REASONS = codesOf(FAMILY_SEPARATION_REASON_LABELS);

/** Kebab case; at most 60 characters besides. */
export const AGENCY_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether a text is a well-formed agency identifier: kebab case, at most 60 characters. */
export function isAgencyId(text: string): boolean {
  return text.length <= 60 && AGENCY_ID.test(text);
}
