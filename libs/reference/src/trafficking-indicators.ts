import type { Label } from './code-list.ts';
import type { IndicatorDimension } from './trafficking.ts';

/** Weight of an indicator: strong, medium, weak. */
export const INDICATOR_STRENGTHS = ['S', 'M', 'W'] as const;
/** One of `INDICATOR_STRENGTHS`. */
export type IndicatorStrength = (typeof INDICATOR_STRENGTHS)[number];

/** One indicator of a list; `code` is unique within its dimension. */
export interface Indicator extends Label {
  readonly list: 'ILO_EC_ADULT_LABOUR';
  readonly dimension: IndicatorDimension;
  readonly code: string;
  readonly strength: IndicatorStrength;
}

type Row = readonly [code: string, strength: IndicatorStrength, es: string, en: string];

const ROWS: Readonly<Record<IndicatorDimension, readonly Row[]>> = {
  DR: [
    [
      'JOB_PLACE_OR_EMPLOYER',
      'S',
      'Engaño sobre el trabajo, el lugar o el empleador',
      'Job, place or employer misrepresented',
    ],
    ['CONDITIONS', 'M', 'Engaño sobre las condiciones', 'Deceived about conditions'],
    ['CONTRACT', 'M', 'Engaño sobre el contrato', 'Deceived about the contract'],
    ['FAMILY_REUNIFICATION', 'M', 'Engaño sobre la reunificación familiar', 'Deceived about family reunification'],
    ['HOUSING', 'M', 'Engaño sobre el alojamiento', 'Deceived about housing'],
    ['PAPERS_OR_STATUS', 'M', 'Engaño sobre los documentos o la situación legal', 'Deceived about papers or status'],
    ['TRAVEL_TERMS', 'M', 'Engaño sobre las condiciones del viaje', 'Deceived about travel terms'],
    ['WAGES', 'M', 'Engaño sobre el salario', 'Deceived about wages'],
    ['MARRIAGE_OR_ADOPTION_PROMISE', 'M', 'Promesa de matrimonio o adopción', 'Promise of marriage or adoption'],
    ['SCHOOLING_PROMISE', 'W', 'Promesa de estudios', 'Promise of schooling'],
  ],
  CR: [
    ['VIOLENCE', 'S', 'Violencia', 'Violence'],
    [
      'ABDUCTION_SALE_OR_FORCED_MARRIAGE',
      'M',
      'Rapto, venta o matrimonio forzado',
      'Abduction, sale or forced marriage',
    ],
    ['DOCUMENTS_TAKEN', 'M', 'Retención de documentos', 'Documents taken'],
    ['DEBT_BONDAGE', 'M', 'Servidumbre por deudas', 'Debt bondage'],
    ['CONFINEMENT_OR_SURVEILLANCE', 'M', 'Encierro o vigilancia', 'Confinement or surveillance'],
    ['THREAT_TO_DENOUNCE', 'M', 'Amenaza de denunciar a las autoridades', 'Threat to denounce'],
    ['THREAT_OF_VIOLENCE', 'M', 'Amenaza de violencia', 'Threat of violence'],
    ['THREAT_TO_EXPOSE_TO_FAMILY', 'M', 'Amenaza de contarlo a la familia', 'Threat to expose to family'],
    ['VIOLENCE_OR_THREATS_TO_RELATIVES', 'M', 'Violencia o amenazas a familiares', 'Violence or threats to relatives'],
    ['MONEY_WITHHELD', 'W', 'Retención de dinero', 'Money withheld'],
  ],
  VR: [
    ['HARD_FAMILY_SITUATION', 'M', 'Situación familiar difícil', 'Hard family situation'],
    ['IRREGULAR_STATUS', 'M', 'Situación migratoria irregular', 'Irregular status'],
    ['LACK_OF_EDUCATION_OR_LANGUAGE', 'M', 'Falta de estudios o de idioma', 'Lack of education or language'],
    ['LACK_OF_INFORMATION', 'M', 'Falta de información', 'Lack of information'],
    ['EXPLOITER_CONTROL', 'M', 'Control por el explotador', 'Exploiter control'],
    ['ECONOMIC_NEED', 'M', 'Necesidad económica', 'Economic need'],
    ['LIES_ABOUT_LAW_OR_AUTHORITIES', 'M', 'Mentiras sobre la ley o las autoridades', 'Lies about law or authorities'],
    [
      'LIES_ABOUT_SUCCESS_OF_MIGRATION',
      'M',
      'Mentiras sobre el éxito de migrar',
      'Lies about the success of migration',
    ],
    ['FAMILY_CIRCUMSTANCES', 'M', 'Circunstancias familiares', 'Family circumstances'],
    ['PERSONAL_CIRCUMSTANCES', 'M', 'Circunstancias personales', 'Personal circumstances'],
    ['EMOTIONAL_DEPENDENCY', 'M', 'Dependencia emocional', 'Emotional dependency'],
    ['RELATION_WITH_AUTHORITIES', 'M', 'Relación con las autoridades', 'Relation with authorities'],
    ['BELIEFS', 'W', 'Creencias', 'Beliefs'],
    ['GENERAL_CONTEXT', 'W', 'Contexto general', 'General context'],
    ['PAST_HARDSHIP', 'W', 'Dificultades pasadas', 'Past hardship'],
    ['COULD_NOT_ORGANISE_TRAVEL', 'W', 'No podía organizar el viaje', 'Could not organise travel'],
  ],
  EX: [
    ['EXCESSIVE_DAYS_OR_HOURS', 'S', 'Días u horas excesivos', 'Excessive days or hours'],
    ['BAD_LIVING_CONDITIONS', 'M', 'Malas condiciones de vida', 'Bad living conditions'],
    ['HAZARDOUS_WORK', 'M', 'Trabajo peligroso', 'Hazardous work'],
    ['LOW_OR_NO_PAY', 'M', 'Pago bajo o nulo', 'Low or no pay'],
    ['CONTRACT_OR_LABOUR_LAW_IGNORED', 'M', 'Contrato o ley laboral sin respetar', 'Contract or labour law ignored'],
    ['NO_SOCIAL_COVER', 'M', 'Sin protección social', 'No social cover'],
    ['VERY_BAD_CONDITIONS', 'M', 'Condiciones muy malas', 'Very bad conditions'],
    ['WAGE_MANIPULATION', 'M', 'Manipulación del salario', 'Wage manipulation'],
    ['NO_SCHOOLING', 'W', 'Sin acceso a estudios', 'No schooling'],
  ],
  CD: [
    ['DOCUMENTS_TAKEN', 'S', 'Retención de documentos', 'Documents taken'],
    ['DEBT_BONDAGE', 'S', 'Servidumbre por deudas', 'Debt bondage'],
    ['CONFINEMENT_OR_SURVEILLANCE', 'S', 'Encierro o vigilancia', 'Confinement or surveillance'],
    ['VIOLENCE', 'S', 'Violencia', 'Violence'],
    ['FORCED_CRIME', 'M', 'Obligada a delinquir', 'Forced crime'],
    ['FORCED_TASKS_OR_CLIENTS', 'M', 'Tareas o clientes impuestos', 'Forced tasks or clients'],
    ['FORCED_TO_ACT_AGAINST_PEERS', 'M', 'Obligada a actuar contra sus pares', 'Forced to act against peers'],
    ['FORCED_TO_LIE', 'M', 'Obligada a mentir', 'Forced to lie'],
    ['THREAT_TO_DENOUNCE', 'M', 'Amenaza de denunciar a las autoridades', 'Threat to denounce'],
    ['THREAT_OF_WORSE_WORK', 'M', 'Amenaza de peor trabajo', 'Threat of worse work'],
    ['THREAT_OF_VIOLENCE', 'M', 'Amenaza de violencia', 'Threat of violence'],
    ['STRONG_INFLUENCE', 'M', 'Fuerte influencia', 'Strong influence'],
    ['VIOLENCE_OR_THREATS_TO_RELATIVES', 'M', 'Violencia o amenazas a familiares', 'Violence or threats to relatives'],
    ['WAGES_WITHHELD', 'M', 'Retención del salario', 'Wages withheld'],
    ['THREAT_TO_EXPOSE', 'W', 'Amenaza de exponerla', 'Threat to expose'],
  ],
  VD: [
    ['DEPENDENCY', 'M', 'Dependencia', 'Dependency'],
    ['UNKNOWN_AREA', 'M', 'Lugar desconocido', 'Unknown area'],
    ['ECONOMIC_NEED', 'M', 'Necesidad económica', 'Economic need'],
    ['FAMILY_SITUATION', 'M', 'Situación familiar', 'Family situation'],
    ['LEGAL_STATUS', 'M', 'Situación legal', 'Legal status'],
    ['PAST_HARDSHIP', 'W', 'Dificultades pasadas', 'Past hardship'],
    ['PERSONAL_TRAITS', 'W', 'Rasgos personales', 'Personal traits'],
  ],
};

/** The ILO/EC list for labour exploitation of adults (domain.md §2.4); strengths are field knowledge [K]. */
export const TRAFFICKING_INDICATORS: readonly Indicator[] = Object.entries(ROWS).flatMap(([dimension, rows]) =>
  rows.map(([code, strength, es, en]) => ({
    list: 'ILO_EC_ADULT_LABOUR' as const,
    dimension: dimension as IndicatorDimension,
    code,
    strength,
    es,
    en,
  })),
);

/** An indicator by dimension and code; undefined when the list has none. */
export function findIndicator(dimension: string, code: string): Indicator | undefined {
  return TRAFFICKING_INDICATORS.find((one) => one.dimension === dimension && one.code === code);
}
