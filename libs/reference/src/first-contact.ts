import { codesOf, type Labels } from './code-list.ts';

/** How first contact was made (domain.md §2.1). */
export const CHANNEL_LABELS = {
  BORDER: { es: 'Frontera', en: 'Border' },
  AIRPORT: { es: 'Aeropuerto', en: 'Airport' },
  SEA: { es: 'Mar', en: 'Sea' },
  DETENTION: { es: 'Centro de detención', en: 'Detention' },
  CONSULATE: { es: 'Consulado', en: 'Consulate' },
  COMMUNITY: { es: 'Comunidad', en: 'Community' },
  HOTLINE: { es: 'Línea telefónica', en: 'Hotline' },
} as const satisfies Labels;
/** One of `CHANNEL_LABELS`. */
export type Channel = keyof typeof CHANNEL_LABELS;
export const CHANNELS = codesOf(CHANNEL_LABELS);

/** How the person entered; never a reason to refuse anything (INV-03). */
export const ENTRY_MODE_LABELS = {
  REGULAR: { es: 'Regular', en: 'Regular' },
  IRREGULAR: { es: 'Irregular', en: 'Irregular' },
  TRANSIT: { es: 'En tránsito', en: 'In transit' },
  INTERCEPTED_AT_SEA: { es: 'Interceptado en el mar', en: 'Intercepted at sea' },
  UNKNOWN: { es: 'Desconocido', en: 'Unknown' },
} as const satisfies Labels;
/** One of `ENTRY_MODE_LABELS`. */
export type EntryMode = keyof typeof ENTRY_MODE_LABELS;
export const ENTRY_MODES = codesOf(ENTRY_MODE_LABELS);

/** How a conversation was interpreted (INV-18). */
export const INTERPRETATION_LABELS = {
  NONE_NEEDED: { es: 'No necesaria', en: 'None needed' },
  IN_PERSON: { es: 'En persona', en: 'In person' },
  REMOTE: { es: 'A distancia', en: 'Remote' },
  WRITTEN_ONLY: { es: 'Solo por escrito', en: 'Written only' },
} as const satisfies Labels;
/** One of `INTERPRETATION_LABELS`. */
export type Interpretation = keyof typeof INTERPRETATION_LABELS;
export const INTERPRETATIONS = codesOf(INTERPRETATION_LABELS);

/** Topics of the information package (domain.md §2.1). */
export const RIGHTS_TOPIC_LABELS = {
  SEEKING_ASYLUM: { es: 'Derecho a buscar asilo y cómo ejercerlo', en: 'Right to seek asylum and how' },
  VICTIM_RIGHTS: { es: 'Derechos como víctima', en: 'Rights as a victim' },
  CHILD_RIGHTS: { es: 'Derechos de la niñez', en: 'Rights of the child' },
  SERVICES: { es: 'Servicios y direcciones', en: 'Services and addresses' },
  REPORTING_ABUSE: { es: 'Cómo denunciar abusos', en: 'How to report abuse' },
  REGULAR_MIGRATION: { es: 'Opciones de migración regular', en: 'Regular migration options' },
  JOURNEY_RISKS: { es: 'Riesgos de las rutas irregulares', en: 'Risks of irregular journeys' },
  VOLUNTARY_RETURN: { es: 'Retorno voluntario', en: 'Voluntary return' },
  DETENTION_RIGHTS: {
    es: 'Derechos en detención, incluida la opción consular',
    en: 'Detention rights incl. consular choice',
  },
  DATA_RIGHTS: { es: 'Derechos sobre sus datos', en: 'Data rights' },
  COSTS: { es: 'Gratuidad de los procedimientos', en: 'Costs: procedures are free' },
} as const satisfies Labels;
/** One of `RIGHTS_TOPIC_LABELS`. */
export type RightsTopic = keyof typeof RIGHTS_TOPIC_LABELS;
export const RIGHTS_TOPICS = codesOf(RIGHTS_TOPIC_LABELS);

/** Checklist of urgent needs (domain.md §2.1). */
export const URGENT_NEED_LABELS = {
  MEDICAL: { es: 'Atención médica', en: 'Medical' },
  WATER_FOOD: { es: 'Agua y alimentos', en: 'Water and food' },
  SAFETY: { es: 'Seguridad', en: 'Safety' },
  SHELTER: { es: 'Alojamiento', en: 'Shelter' },
  PREGNANCY: { es: 'Embarazo', en: 'Pregnancy' },
  CHILD_ALONE: { es: 'Niña o niño solo', en: 'Child alone' },
  INJURY: { es: 'Lesión', en: 'Injury' },
  DISTRESS: { es: 'Angustia', en: 'Distress' },
} as const satisfies Labels;
/** One of `URGENT_NEED_LABELS`. */
export type UrgentNeed = keyof typeof URGENT_NEED_LABELS;
export const URGENT_NEEDS = codesOf(URGENT_NEED_LABELS);

/** Answer to a question that may stay open. */
export const ANSWER_LABELS = {
  YES: { es: 'Sí', en: 'Yes' },
  NO: { es: 'No', en: 'No' },
  UNKNOWN: { es: 'No se sabe', en: 'Unknown' },
} as const satisfies Labels;
/** One of `ANSWER_LABELS`. */
export type Answer = keyof typeof ANSWER_LABELS;
export const ANSWERS = codesOf(ANSWER_LABELS);

/** How the wish for asylum was expressed: any words or conduct showing fear (INV-06). */
export const ASYLUM_INTENT_MANNER_LABELS = {
  ORAL: { es: 'De palabra', en: 'In words' },
  WRITTEN: { es: 'Por escrito', en: 'In writing' },
  CONDUCT: { es: 'Por su conducta', en: 'By conduct' },
} as const satisfies Labels;
/** One of `ASYLUM_INTENT_MANNER_LABELS`. */
export type AsylumIntentManner = keyof typeof ASYLUM_INTENT_MANNER_LABELS;
export const ASYLUM_INTENT_MANNERS = codesOf(ASYLUM_INTENT_MANNER_LABELS);

/** Why a person is treated as a child (INV-08). */
export const CHILD_BASIS_LABELS = {
  AGE: { es: 'Edad', en: 'Age' },
  DOUBT: { es: 'Duda sobre la edad', en: 'Doubt on age' },
} as const satisfies Labels;
/** One of `CHILD_BASIS_LABELS`. */
export type ChildBasis = keyof typeof CHILD_BASIS_LABELS;
export const CHILD_BASES = codesOf(CHILD_BASIS_LABELS);

/** With whom a child is. */
export const CARE_STATUS_LABELS = {
  UNACCOMPANIED: { es: 'No acompañado', en: 'Unaccompanied' },
  SEPARATED: { es: 'Separado', en: 'Separated' },
  ACCOMPANIED: { es: 'Acompañado', en: 'Accompanied' },
  UNKNOWN: { es: 'Desconocido', en: 'Unknown' },
} as const satisfies Labels;
/** One of `CARE_STATUS_LABELS`. */
export type CareStatus = keyof typeof CARE_STATUS_LABELS;
export const CARE_STATUSES = codesOf(CARE_STATUS_LABELS);
