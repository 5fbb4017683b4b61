import { codesOf, type Labels } from './code-list.ts';

/** Commands by which a person leaves against their will or by return: all of them pass the gate (domain.md §1.5). */
export const REMOVAL_LABELS = {
  EXPULSION: { es: 'Expulsión', en: 'Expulsion' },
  REFUSAL_OF_ENTRY: { es: 'Rechazo en frontera', en: 'Refusal of entry' },
  TRANSFER_ABROAD: { es: 'Traslado al exterior', en: 'Transfer abroad' },
  RETURN_DEPARTURE: { es: 'Salida por retorno', en: 'Return departure' },
} as const satisfies Labels;
/** One of `REMOVAL_LABELS`. */
export type Removal = keyof typeof REMOVAL_LABELS;
export const REMOVALS = codesOf(REMOVAL_LABELS);

/** Why a hold is lifted (domain.md §1.5, column "Lifted on"). */
export const HOLD_LIFT_REASON_LABELS = {
  NEEDS_ASSESSED: { es: 'Necesidades evaluadas', en: 'Needs assessed' },
  APPLICATION_LODGED: { es: 'Solicitud presentada', en: 'Application lodged' },
  INFORMED_WAIVER: { es: 'Renuncia escrita tras asesoramiento', en: 'Written waiver after counselling' },
  INFORMED_WITHDRAWAL: { es: 'Desistimiento informado', en: 'Informed withdrawal' },
  NEGATIVE_DECISION_NOTIFIED: { es: 'Decisión negativa notificada', en: 'Negative decision notified' },
  STATUS_GRANTED: { es: 'Protección otorgada', en: 'Status granted' },
  FINAL_DECISION: { es: 'Decisión firme', en: 'Final decision' },
  WINDOW_LAPSED: { es: 'Plazo de apelación vencido', en: 'Appeal window lapsed' },
  STATUS_ENDED: { es: 'Protección terminada con debido proceso', en: 'Status ended by due procedure' },
  VERIFIED_REPATRIATION: { es: 'Repatriación voluntaria verificada', en: 'Verified voluntary repatriation' },
  OUTCOME_RECORDED: { es: 'Resultado registrado', en: 'Outcome recorded' },
  PERIOD_OVER: { es: 'Período terminado', en: 'Period over' },
  PERSONS_CHOICE: { es: 'Decisión informada de la persona', en: 'The person’s own informed choice' },
  RISK_LOWERED: { es: 'Riesgo reevaluado', en: 'Risk reassessed as lower' },
  FAVOURABLE_BEST_INTERESTS: { es: 'Interés superior favorable al retorno', en: 'Best interests decision for return' },
  GUARDIAN_APPOINTED: { es: 'Tutor nombrado', en: 'Guardian appointed' },
  OF_AGE: { es: 'Mayor de edad, con plan de transición', en: 'Of age, with a transition plan' },
  TAKEN_OVER: { es: 'La asumió otra autoridad', en: 'Another authority has taken over' },
  AGE_DECIDED: { es: 'Edad decidida', en: 'Age decided' },
  FITNESS_CERTIFIED: { es: 'Aptitud certificada', en: 'Fitness certified' },
  RESULT_RECORDED: { es: 'Resultado de la búsqueda registrado', en: 'Result of tracing recorded' },
  ORDER_ENDED: { es: 'Orden terminada', en: 'Order ended' },
  CONSENT_IN_FORCE: { es: 'Consentimiento vigente', en: 'Consent in force' },
  PLACED_IN_ERROR: { es: 'Registrada por error', en: 'Placed in error' },
} as const satisfies Labels;
/** One of `HOLD_LIFT_REASON_LABELS`. */
export type HoldLiftReason = keyof typeof HOLD_LIFT_REASON_LABELS;
export const HOLD_LIFT_REASONS = codesOf(HOLD_LIFT_REASON_LABELS);

/** Why an authority does not clear a departure (architecture.md §7). Which hold it is, is not said (INV-17). */
export const CLEARANCE_REFUSAL_LABELS = {
  HOLD_ACTIVE: { es: 'Hay una medida vigente', en: 'A hold is active' },
  POSSIBLE_MATCH: { es: 'Posible coincidencia de identidad', en: 'Possible match of identity' },
  NOT_SEARCHED: { es: 'No se pudo buscar por identidad', en: 'Identity could not be searched' },
  EVENT_PARKED: { es: 'Hay un hecho en espera', en: 'An event of the case is parked' },
  EVENT_QUARANTINED: { es: 'Hay un hecho en cuarentena', en: 'An event of the case is quarantined' },
  LEASE_OVER: { es: 'La autorización venció', en: 'The clearance is over' },
  AWAITS_ATTESTATION: { es: 'La autoridad se recupera de una copia', en: 'The authority recovers from a copy' },
  ASKED_TOO_OFTEN: { es: 'Se consultó demasiadas veces', en: 'The authority was asked too often' },
} as const satisfies Labels;
/** One of `CLEARANCE_REFUSAL_LABELS`. */
export type ClearanceRefusal = keyof typeof CLEARANCE_REFUSAL_LABELS;
export const CLEARANCE_REFUSALS = codesOf(CLEARANCE_REFUSAL_LABELS);

/** Why a departure is refused: what authorities answered, and what the gate itself sees (architecture.md §7). */
export const GATE_REFUSAL_LABELS = {
  ...CLEARANCE_REFUSAL_LABELS,
  AUTHORITIES_UNKNOWN: { es: 'No se sabe quién autoriza', en: 'Nobody is named who clears' },
  NOT_ASKED: { es: 'La autoridad no fue consultada', en: 'The authority was not asked' },
  UNREACHABLE: { es: 'La autoridad no respondió', en: 'The authority did not answer' },
  UNVERIFIABLE: { es: 'La respuesta no se puede verificar', en: 'The answer cannot be verified' },
  AUTHORITY_STALE: { es: 'La autoridad está en silencio', en: 'The authority is silent' },
  AUTHORITY_EQUIVOCATES: { es: 'La autoridad se contradice', en: 'The authority contradicts itself' },
  AUTHORITY_GONE: {
    es: 'La autoridad ya no existe y nadie le sucede',
    en: 'The authority is gone, without a successor',
  },
  HOLD_HEARD: { es: 'Se supo de una medida vigente', en: 'An open hold was heard of' },
  RESTARTED: { es: 'El servicio se reinició', en: 'The service was restarted' },
} as const satisfies Labels;
/** One of `GATE_REFUSAL_LABELS`. */
export type GateRefusal = keyof typeof GATE_REFUSAL_LABELS;
export const GATE_REFUSALS = codesOf(GATE_REFUSAL_LABELS);

/** What is to be done before the person may leave, and by whom. */
export const GATE_NEXT_STEP_LABELS = {
  WAIT_FOR_THE_AUTHORITY: {
    es: 'La persona se queda: la autoridad decide sobre su medida',
    en: 'The person stays: the authority decides on its hold',
  },
  AUTHORITY_DECIDES_MATCH: {
    es: 'Una persona de la autoridad decide sobre la coincidencia',
    en: 'An officer of the authority decides on the match',
  },
  REACH_FOCAL_POINT: {
    es: 'Llamar al punto focal de la autoridad y consultar de nuevo',
    en: 'Call the authority’s focal point and ask again',
  },
  SETTLE_EVENTS: { es: 'Resolver los hechos en espera del caso', en: 'Settle the waiting events of the case' },
  OFFICER_ATTESTS: { es: 'Un oficial certifica qué se perdió', en: 'An officer attests what was lost' },
  SECURITY_OFFICER: { es: 'Avisar al oficial de seguridad', en: 'Tell the security officer' },
  DIRECTORY_NAMES_WHO: { es: 'El directorio nombra a quien responde', en: 'The directory names who answers' },
  ASK_AGAIN: { es: 'Consultar de nuevo a todas las autoridades', en: 'Ask all authorities again' },
  ASK_AGAIN_LATER: { es: 'Consultar de nuevo en un minuto', en: 'Ask again in a minute' },
} as const satisfies Labels;
/** One of `GATE_NEXT_STEP_LABELS`. */
export type GateNextStep = keyof typeof GATE_NEXT_STEP_LABELS;
export const GATE_NEXT_STEPS = codesOf(GATE_NEXT_STEP_LABELS);

/** Why an attempt to let somebody leave ended without a departure. */
export const ATTEMPT_END_LABELS = {
  HALTED: { es: 'Detenida por una autoridad', en: 'Halted by an authority' },
  HOLD_HEARD: { es: 'Se supo de una medida vigente', en: 'An open hold was heard of' },
  CASES_LINKED: { es: 'Se vinculó otro caso', en: 'Another case was linked' },
  CASES_UNLINKED: { es: 'Se desvinculó otro caso', en: 'Another case was unlinked' },
  CONSENT_WITHDRAWN: { es: 'La persona retiró su consentimiento', en: 'The person withdrew consent' },
  CALLED_OFF: { es: 'Anulada', en: 'Called off' },
  TOO_LATE: { es: 'La autorización venció antes de la salida', en: 'The warrant ended before the departure' },
  ASKED_AGAIN: { es: 'Se consultó de nuevo', en: 'Asked again' },
} as const satisfies Labels;
/** One of `ATTEMPT_END_LABELS`. */
export type AttemptEnd = keyof typeof ATTEMPT_END_LABELS;
export const ATTEMPT_ENDS = codesOf(ATTEMPT_END_LABELS);

/** What keeps a hold from protecting yet, or from being lifted, by what has to be done. */
export const HOLD_NEXT_STEP_LABELS = {
  GATE_ANSWERS_HALT: { es: 'La agencia confirma que no habrá salida', en: 'The agency answers that nobody departs' },
  LEASE_ENDS: { es: 'Espera a que venza una autorización', en: 'Waits until a clearance is over' },
  DEPARTURE_REPORTED: { es: 'La persona salió antes: avisar de inmediato', en: 'The person had left: raise the alarm' },
  SECOND_OFFICER_DECIDES: {
    es: 'Otro oficial decide si se levanta',
    en: 'Another officer decides whether it is lifted',
  },
  AUTHORITY_DECIDES: { es: 'La autoridad decide sobre su medida', en: 'The authority decides on its hold' },
} as const satisfies Labels;
/** One of `HOLD_NEXT_STEP_LABELS`. */
export type HoldNextStep = keyof typeof HOLD_NEXT_STEP_LABELS;
export const HOLD_NEXT_STEPS = codesOf(HOLD_NEXT_STEP_LABELS);

/** Whether a person is kept from being made to leave, as far as an agency knows. */
export const PROTECTION_STATUS_LABELS = {
  PROTECTED: { es: 'Protegida', en: 'Protected' },
  NOT_YET_PROTECTED: { es: 'Todavía no protegida', en: 'Not yet protected' },
  HELD_ELSEWHERE: { es: 'Hay una medida de otra autoridad', en: 'Held by another authority' },
  NO_HOLD_KNOWN: { es: 'No se conoce ninguna medida', en: 'No hold is known' },
} as const satisfies Labels;
/** One of `PROTECTION_STATUS_LABELS`. */
export type ProtectionStatus = keyof typeof PROTECTION_STATUS_LABELS;
export const PROTECTION_STATUSES = codesOf(PROTECTION_STATUS_LABELS);
