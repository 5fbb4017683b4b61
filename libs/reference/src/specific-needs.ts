import type { Label } from './code-list.ts';

/** One specific need, `AA-BB` (domain.md §1.6, list version 1). `restricted` needs are shown only by role and purpose. */
export interface SpecificNeed extends Label {
  readonly code: string;
  readonly restricted: boolean;
}

/** Version of the list: newer code sets exist and get a version of their own. */
export const SPECIFIC_NEEDS_VERSION = 1;

const RESTRICTED = new Set(['SV', 'TR', 'SM']);

type Rows = Readonly<Record<string, readonly [es: string, en: string]>>;

const CATEGORIES: Readonly<Record<string, Rows>> = {
  CR: {
    AF: ['Niñez vinculada a fuerzas o grupos armados', 'Child associated with armed forces or groups'],
    CC: ['Niñez cuidadora', 'Child carer'],
    CH: ['Niñez jefa de hogar', 'Child heading a household'],
    CL: ['Niñez en conflicto con la ley', 'Child in conflict with the law'],
    CP: ['Niñez madre o padre', 'Child parent'],
    CS: ['Niñez cónyuge', 'Child spouse'],
    LO: ['Otras formas de trabajo infantil', 'Other child labour'],
    LW: ['Peores formas de trabajo infantil', 'Worst forms of child labour'],
    MS: ['Cónyuge menor de edad', 'Minor spouse'],
    NE: ['Fuera de la escuela', 'Out of school'],
    SE: ['Necesidad de educación especial', 'Special education need'],
    TP: ['Embarazo adolescente', 'Teenage pregnancy'],
  },
  SC: {
    CH: ['Niñez separada jefa de hogar', 'Separated child heading a household'],
    FC: ['En acogimiento familiar', 'In foster care'],
    IC: ['En acogimiento institucional', 'In institutional care'],
    NC: ['Desatendida con familia extensa', 'Neglected with extended family'],
    SC: ['Niñez separada', 'Separated child'],
    UC: ['Niñez no acompañada', 'Unaccompanied child'],
  },
  WR: {
    GM: ['Amenaza de mutilación genital', 'Threat of genital mutilation'],
    HR: ['Única representante del hogar', 'Single household representative'],
    LC: ['Mujer lactante', 'Lactating woman'],
    PY: ['Unión poligámica', 'Polygamous union'],
    SF: ['Mujer sola', 'Single woman'],
    UW: ['Mujer sin familiar varón', 'Woman without male relative'],
    WF: ['Mujer vinculada a fuerzas combatientes', 'Woman with fighting forces'],
    WR: ['Mujer en riesgo, sin especificar', 'Woman at risk, unspecified'],
  },
  ER: {
    FR: ['No puede cuidarse sola', 'Cannot care for self'],
    MC: ['Persona mayor con niñas o niños', 'Older person with children'],
    NF: ['Persona mayor sin familia', 'Older person alone'],
    OC: ['Sin familiares más jóvenes', 'No younger relatives'],
    SC: ['Con niñez separada', 'With separated children'],
    UR: ['Persona mayor no acompañada', 'Single older person'],
  },
  DS: {
    BD: ['Discapacidad visual', 'Visual disability'],
    DF: ['Discapacidad auditiva', 'Hearing disability'],
    MM: ['Discapacidad mental moderada', 'Moderate mental disability'],
    MS: ['Discapacidad mental grave', 'Severe mental disability'],
    PM: ['Discapacidad física moderada', 'Moderate physical disability'],
    PS: ['Discapacidad física grave', 'Severe physical disability'],
    SD: ['Discapacidad del habla', 'Speech disability'],
  },
  SM: {
    AD: ['Adicción', 'Addiction'],
    CC: ['Enfermedad crítica', 'Critical condition'],
    CI: ['Enfermedad crónica', 'Chronic illness'],
    DP: ['Embarazo difícil', 'Difficult pregnancy'],
    MI: ['Enfermedad mental', 'Mental illness'],
    MN: ['Desnutrición', 'Malnutrition'],
    OT: ['Otra afección médica', 'Other medical condition'],
  },
  PG: {
    HR: ['Embarazo de alto riesgo', 'High-risk pregnancy'],
    LC: ['Lactancia', 'Lactating'],
  },
  SP: {
    CG: ['Persona cuidadora sola', 'Single caregiver'],
    GP: ['Abuela o abuelo solo', 'Single grandparent'],
    PT: ['Madre o padre solo', 'Single parent'],
  },
  FU: {
    FR: ['Reunificación familiar', 'Family reunification'],
    TR: ['Búsqueda de familiares', 'Family tracing'],
  },
  LP: {
    AN: ['Violencia, abuso o abandono', 'Violence, abuse or neglect'],
    AP: ['Presunto autor', 'Alleged perpetrator'],
    BN: ['Necesidades básicas sin cubrir', 'Unmet basic needs'],
    CR: ['Antecedentes penales', 'Criminal record'],
    DA: ['Detención en el país de asilo', 'Detained in asylum country'],
    DN: ['Detención actual en el país de asilo', 'Currently detained in asylum country'],
    DP: ['Detención anterior en el país de asilo', 'Formerly detained in asylum country'],
    DO: ['Detención en el país de origen', 'Detained in country of origin'],
    DT: ['Detención en otro lugar', 'Detained elsewhere'],
    ES: ['Exclusión o marginación', 'Excluded or marginalised'],
    IH: ['Escondida', 'In hiding'],
    LS: ['Sin perspectivas de solución', 'No solution prospects'],
    MD: ['Desplazamientos múltiples', 'Multiple displacement'],
    MM: ['Matrimonio mixto', 'Mixed marriage'],
    MS: ['Marginación por la comunidad', 'Marginalised by community'],
    NA: ['Sin acceso a servicios', 'No access to services'],
    ND: ['Sin documentos', 'No documents'],
    RD: ['Riesgo de expulsión', 'Risk of removal'],
    RP: ['Riesgo por su perfil', 'Risk by profile'],
    RR: ['Riesgo de devolución', 'Risk of refoulement'],
    ST: ['Amenaza a la seguridad', 'Security threat'],
    TA: ['Sobreviviente de tortura o violencia en el país de asilo', 'Torture or violence survivor, asylum country'],
    TO: ['Sobreviviente de tortura o violencia en el origen', 'Torture or violence survivor, country of origin'],
    TD: ['Riesgo de deportación', 'Deportation risk'],
    UP: ['Protección física urgente', 'Urgent physical protection'],
    WP: ['Sin protección de testigos', 'No witness protection'],
  },
  SV: {
    FM: ['Amenaza de matrimonio forzado', 'Forced-marriage threat'],
    GM: ['Mutilación genital', 'Genital mutilation'],
    HK: ['Violencia por honor', 'Honour violence'],
    HP: ['Práctica nociva', 'Harmful practice'],
    SS: ['Sexo por supervivencia', 'Survival sex'],
    VA: ['Violencia de género en el país de asilo', 'Gender-based violence, asylum country'],
    VF: ['Violencia de género durante la huida', 'Gender-based violence, in flight'],
    VO: ['Violencia de género en el origen', 'Gender-based violence, country of origin'],
  },
  TR: {
    HO: ['Obligada a actos atroces', 'Forced to egregious acts'],
    PI: ['Secuelas', 'Impairment'],
    WV: ['Testigo de violencia', 'Witnessed violence'],
  },
};

/** Every specific need. */
export const SPECIFIC_NEEDS: readonly SpecificNeed[] = Object.entries(CATEGORIES).flatMap(([category, rows]) =>
  Object.entries(rows).map(([detail, [es, en]]) => ({
    code: `${category}-${detail}`,
    restricted: RESTRICTED.has(category),
    es,
    en,
  })),
);
