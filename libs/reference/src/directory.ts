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

const AGENCY_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether a text is a well-formed agency identifier: kebab case, at most 60 characters. */
export function isAgencyId(text: string): boolean {
  return text.length <= 60 && AGENCY_ID.test(text);
}
