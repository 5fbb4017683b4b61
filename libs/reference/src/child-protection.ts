import { codesOf, type Labels } from './code-list.ts';

/** How a child is found to be (domain.md §2.5). Of those whom nobody has met yet it is not established. */
export const CHILD_SITUATION_LABELS = {
  UNACCOMPANIED: { es: 'No acompañado', en: 'Unaccompanied' },
  SEPARATED: { es: 'Separado', en: 'Separated' },
  ACCOMPANIED_AT_RISK: { es: 'Acompañado, en riesgo', en: 'Accompanied, at risk' },
  LEFT_BEHIND: { es: 'Dejado atrás por quienes migraron', en: 'Left behind by those who migrated' },
  NOT_ESTABLISHED: { es: 'Sin establecer', en: 'Not established' },
  NOT_A_CHILD: { es: 'No es una niña ni un niño', en: 'Not a child' },
} as const satisfies Labels;
/** One of `CHILD_SITUATION_LABELS`. */
export type ChildSituation = keyof typeof CHILD_SITUATION_LABELS;
export const CHILD_SITUATIONS = codesOf(CHILD_SITUATION_LABELS);

/** Why a child’s situation is seen otherwise than before. */
export const SITUATION_BASIS_LABELS = {
  RELATIVE_VERIFIED: { es: 'Vínculo con un familiar verificado', en: 'Link to a relative verified' },
  AGE_ESTABLISHED: { es: 'Edad establecida', en: 'Age established' },
  CAME_OF_AGE: { es: 'Cumplió la mayoría de edad', en: 'Came of age' },
  CARER_LOST: { es: 'Perdió a quien la cuidaba', en: 'Whoever cared for the child is gone' },
  NEW_FACTS: { es: 'Hechos nuevos', en: 'New facts' },
  REPORTED_ELSEWHERE: { es: 'Lo dijo otra agencia', en: 'Another agency said so' },
} as const satisfies Labels;
/** One of `SITUATION_BASIS_LABELS`. */
export type SituationBasis = keyof typeof SITUATION_BASIS_LABELS;
export const SITUATION_BASES = codesOf(SITUATION_BASIS_LABELS);

/** Where a child may live meanwhile: never a place of detention (INV-11). */
export const CHILD_CARE_LABELS = {
  KINSHIP: { es: 'Con familiares', en: 'Kinship care' },
  FOSTER: { es: 'Familia de acogida', en: 'Foster care' },
  SUPERVISED_GROUP: { es: 'Hogar grupal supervisado', en: 'Supervised group home' },
  SMALL_SHELTER: { es: 'Albergue pequeño', en: 'Small shelter' },
  INDEPENDENT_SUPPORTED: { es: 'Vida independiente con apoyo', en: 'Supported independent living' },
} as const satisfies Labels;
/** One of `CHILD_CARE_LABELS`. */
export type ChildCare = keyof typeof CHILD_CARE_LABELS;
export const CHILD_CARE_TYPES = codesOf(CHILD_CARE_LABELS);

/** As what somebody would speak for a child. */
export const REPRESENTATIVE_POST_LABELS = {
  CHILD_AUTHORITY: { es: 'Autoridad de niñez', en: 'Child authority' },
  GUARDIANSHIP_BODY: { es: 'Institución de tutela', en: 'Guardianship body' },
  NGO: { es: 'Organización no gubernamental', en: 'Non-governmental organisation' },
  LAWYER: { es: 'Defensa pública o privada', en: 'Lawyer or public defender' },
  RELATIVE: { es: 'Familiar', en: 'Relative' },
  ACCOMPANYING_ADULT: { es: 'Persona adulta que la acompaña', en: 'Accompanying adult' },
  REMOVAL_AUTHORITY: { es: 'Autoridad que decide sobre la salida', en: 'Authority that decides on removal' },
} as const satisfies Labels;
/** One of `REPRESENTATIVE_POST_LABELS`. */
export type RepresentativePost = keyof typeof REPRESENTATIVE_POST_LABELS;
export const REPRESENTATIVE_POSTS = codesOf(REPRESENTATIVE_POST_LABELS);

/** What speaks against somebody who would speak for a child. */
export const INTEREST_CONFLICT_LABELS = {
  WORKS_FOR_REMOVAL: { es: 'Trabaja para quien decide la salida', en: 'Works for those who decide on removal' },
  DECIDES_ITS_CASE: { es: 'Decide en un trámite de la niña o el niño', en: 'Decides in a procedure of the child' },
  RUNS_ITS_CARE: { es: 'Dirige el lugar donde vive', en: 'Runs the place where the child lives' },
  SUSPECTED_OF_HARM: { es: 'Se sospecha que le hizo daño', en: 'Suspected of having harmed the child' },
  FINANCIAL: { es: 'Interés económico', en: 'Financial interest' },
} as const satisfies Labels;
/** One of `INTEREST_CONFLICT_LABELS`. */
export type InterestConflict = keyof typeof INTEREST_CONFLICT_LABELS;
export const INTEREST_CONFLICTS = codesOf(INTEREST_CONFLICT_LABELS);

/** Why somebody does not speak for a child any more. */
export const REPRESENTATION_END_LABELS = {
  REPLACED: { es: 'La sustituye otra persona', en: 'Somebody else follows' },
  CONFLICT_FOUND: { es: 'Conflicto de interés', en: 'Conflict of interest found' },
  UNAVAILABLE: { es: 'Ya no está disponible', en: 'Not available any more' },
  CHILDS_REQUEST: { es: 'A petición de la niña o el niño', en: 'At the child’s request' },
  TERM_OVER: { es: 'Terminó el nombramiento', en: 'Appointment over' },
} as const satisfies Labels;
/** One of `REPRESENTATION_END_LABELS`. */
export type RepresentationEnd = keyof typeof REPRESENTATION_END_LABELS;
export const REPRESENTATION_ENDS = codesOf(REPRESENTATION_END_LABELS);

/** Whether a step heard the child, or why not (INV-12). What the child said is kept in its file. */
export const CHILDS_VIEWS_LABELS = {
  RECORDED: { es: 'Registrada', en: 'Recorded' },
  TOO_YOUNG: { es: 'Demasiado pequeña', en: 'Too young to say' },
  DID_NOT_WISH: { es: 'No quiso opinar', en: 'Did not wish to say' },
  NOT_REACHED: { es: 'No se pudo hablar con ella', en: 'Could not be reached' },
  URGENT: { es: 'No hubo tiempo', en: 'There was no time' },
} as const satisfies Labels;
/** One of `CHILDS_VIEWS_LABELS`. */
export type ChildsViews = keyof typeof CHILDS_VIEWS_LABELS;
export const CHILDS_VIEWS = codesOf(CHILDS_VIEWS_LABELS);

/** Why a child is not in a registry (domain.md §2.5: both the migratory and the civil one). */
export const REGISTRY_GAP_LABELS = {
  IN_PROGRESS: { es: 'En trámite', en: 'Under way' },
  NO_DOCUMENTS: { es: 'Sin documentos', en: 'No documents' },
  REGISTRY_REFUSES: { es: 'El registro no inscribe', en: 'The registry does not register' },
  ENDANGERS_CHILD: { es: 'Pondría en peligro a la niña o el niño', en: 'It would endanger the child' },
  NOT_COMPETENT: { es: 'No corresponde a ese registro', en: 'No matter of that registry' },
} as const satisfies Labels;
/** One of `REGISTRY_GAP_LABELS`. */
export type RegistryGap = keyof typeof REGISTRY_GAP_LABELS;
export const REGISTRY_GAPS = codesOf(REGISTRY_GAP_LABELS);

/** Why a child’s case is closed. Turning eighteen closes none by itself. */
export const CHILD_CASE_END_LABELS = {
  TRANSFERRED: { es: 'La asumió otra autoridad', en: 'Another authority has taken over' },
  WITH_FAMILY: { es: 'Con su familia', en: 'With its family' },
  SOLUTION_FOUND: { es: 'Solución duradera', en: 'Durable solution' },
  NOT_A_CHILD: { es: 'No es una niña ni un niño', en: 'Not a child' },
  OF_AGE: { es: 'Mayor de edad, con plan de transición', en: 'Of age, with a transition plan' },
  DECEASED: { es: 'Falleció', en: 'Deceased' },
} as const satisfies Labels;
/** One of `CHILD_CASE_END_LABELS`. */
export type ChildCaseEnd = keyof typeof CHILD_CASE_END_LABELS;
export const CHILD_CASE_ENDS = codesOf(CHILD_CASE_END_LABELS);

/** What follows a child’s case that is closed (INV-19). */
export const CHILD_NEXT_STEP_LABELS = {
  RECEIVING_AUTHORITY: { es: 'La otra autoridad sigue', en: 'The other authority goes on' },
  FOLLOW_UP_VISITS: { es: 'Visitas de seguimiento', en: 'Follow-up visits' },
  ADULT_SERVICES: { es: 'Servicios para personas adultas', en: 'Services for adults' },
  TRANSITION_PLAN: { es: 'Plan de transición', en: 'Transition plan' },
  OTHER_PROCEDURES: { es: 'Siguen sus otros trámites', en: 'Its other procedures go on' },
  FAMILY_TOLD: { es: 'Aviso a la familia', en: 'The family is told' },
} as const satisfies Labels;
/** One of `CHILD_NEXT_STEP_LABELS`. */
export type ChildNextStep = keyof typeof CHILD_NEXT_STEP_LABELS;
export const CHILD_NEXT_STEPS = codesOf(CHILD_NEXT_STEP_LABELS);
