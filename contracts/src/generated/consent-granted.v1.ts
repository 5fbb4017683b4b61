// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A person allows sharing, or a basis that stands in for consent does (domain.md §1.3). What is not named is not allowed.
 */
export type ConsentGrantedV1Data = {
  /**
   * The consent.
   */
  readonly consentId: string;
  /**
   * What allows the sharing.
   */
  readonly basis: 'CONSENT' | 'VITAL_INTEREST' | 'BEST_INTERESTS_OF_CHILD';
  /**
   * What for.
   */
  readonly purposes: readonly (
    | 'ASSISTANCE'
    | 'REFERRAL'
    | 'DATA_SHARING_REGIONAL'
    | 'CONSULAR_CONTACT'
    | 'LAW_ENFORCEMENT_COOPERATION'
    | 'MEDICAL'
    | 'RETURN'
    | 'MEDIA'
    | 'RESEARCH'
  )[];
  /**
   * What may be shared.
   */
  readonly fields: readonly (
    | 'NAME'
    | 'DATE_OF_BIRTH'
    | 'SEX'
    | 'NATIONALITY'
    | 'AGE_BAND'
    | 'DOCUMENTS'
    | 'CONTACT'
    | 'LANGUAGES'
    | 'NEEDS'
    | 'FAMILY'
    | 'HISTORY'
    | 'NOTES'
    | 'FACTS'
  )[];
  /**
   * Agencies that may be told; null for whoever the directory lists for one of the services.
   *
   * @maxItems 50
   */
  readonly recipients: readonly string[] | null;
  /**
   * What may be asked for, with the purpose REFERRAL.
   */
  readonly services: readonly (
    | 'TRAFFICKING_SCREENING'
    | 'ASYLUM'
    | 'SHELTER'
    | 'HEALTH'
    | 'PSYCHOSOCIAL'
    | 'LEGAL_AID'
    | 'LIVELIHOOD'
    | 'CHILD_PROTECTION'
    | 'FAMILY_MEDIATION'
    | 'FAMILY_REUNIFICATION'
    | 'EDUCATION'
    | 'NON_FOOD_ITEMS'
    | 'WATER_SANITATION'
    | 'DOCUMENTATION'
    | 'FOOD'
    | 'POLICE_PROTECTION'
    | 'INTERPRETATION'
  )[];
  /**
   * How far back it reaches.
   */
  readonly history: 'CURRENT' | 'FROM_OPENING';
  /**
   * Form in which it was given.
   */
  readonly form: 'WRITTEN' | 'ORAL_WITNESSED' | 'THUMBPRINT' | 'NOT_RECORDED';
  /**
   * Who gave it.
   */
  readonly givenBy: 'SELF' | 'GUARDIAN' | 'NOT_APPLICABLE';
  /**
   * Whether a child agreed to what its guardian consented to.
   */
  readonly childAssent: 'YES' | 'NO' | 'TOO_YOUNG' | 'NOT_APPLICABLE';
  /**
   * ISO 639-3 code of the language used (INV-18); null where it is not on record.
   */
  readonly language: string | null;
  /**
   * How it was interpreted (INV-18); null where it is not on record.
   */
  readonly interpretation: 'NONE_NEEDED' | 'IN_PERSON' | 'REMOTE' | 'WRITTEN_ONLY' | null;
  /**
   * From then on it allows nothing, UTC.
   */
  readonly expiresAt: string;
};

/** JSON Schema of `ConsentGrantedV1Data`. */
export const consentGrantedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:consent-granted:v1',
  title: 'ConsentGranted',
  description:
    'A person allows sharing, or a basis that stands in for consent does (domain.md §1.3). What is not named is not allowed.',
  'x-class': 'consent',
  type: 'object',
  additionalProperties: false,
  required: [
    'consentId',
    'basis',
    'purposes',
    'fields',
    'recipients',
    'services',
    'history',
    'form',
    'givenBy',
    'childAssent',
    'language',
    'interpretation',
    'expiresAt',
  ],
  properties: {
    consentId: { description: 'The consent.', type: 'string', format: 'uuid' },
    basis: {
      description: 'What allows the sharing.',
      type: 'string',
      enum: ['CONSENT', 'VITAL_INTEREST', 'BEST_INTERESTS_OF_CHILD'],
    },
    purposes: {
      description: 'What for.',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'ASSISTANCE',
          'REFERRAL',
          'DATA_SHARING_REGIONAL',
          'CONSULAR_CONTACT',
          'LAW_ENFORCEMENT_COOPERATION',
          'MEDICAL',
          'RETURN',
          'MEDIA',
          'RESEARCH',
        ],
      },
      uniqueItems: true,
    },
    fields: {
      description: 'What may be shared.',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'NAME',
          'DATE_OF_BIRTH',
          'SEX',
          'NATIONALITY',
          'AGE_BAND',
          'DOCUMENTS',
          'CONTACT',
          'LANGUAGES',
          'NEEDS',
          'FAMILY',
          'HISTORY',
          'NOTES',
          'FACTS',
        ],
      },
      uniqueItems: true,
    },
    recipients: {
      description: 'Agencies that may be told; null for whoever the directory lists for one of the services.',
      type: ['array', 'null'],
      items: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
      uniqueItems: true,
      maxItems: 50,
    },
    services: {
      description: 'What may be asked for, with the purpose REFERRAL.',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'TRAFFICKING_SCREENING',
          'ASYLUM',
          'SHELTER',
          'HEALTH',
          'PSYCHOSOCIAL',
          'LEGAL_AID',
          'LIVELIHOOD',
          'CHILD_PROTECTION',
          'FAMILY_MEDIATION',
          'FAMILY_REUNIFICATION',
          'EDUCATION',
          'NON_FOOD_ITEMS',
          'WATER_SANITATION',
          'DOCUMENTATION',
          'FOOD',
          'POLICE_PROTECTION',
          'INTERPRETATION',
        ],
      },
      uniqueItems: true,
    },
    history: { description: 'How far back it reaches.', type: 'string', enum: ['CURRENT', 'FROM_OPENING'] },
    form: {
      description: 'Form in which it was given.',
      type: 'string',
      enum: ['WRITTEN', 'ORAL_WITNESSED', 'THUMBPRINT', 'NOT_RECORDED'],
    },
    givenBy: { description: 'Who gave it.', type: 'string', enum: ['SELF', 'GUARDIAN', 'NOT_APPLICABLE'] },
    childAssent: {
      description: 'Whether a child agreed to what its guardian consented to.',
      type: 'string',
      enum: ['YES', 'NO', 'TOO_YOUNG', 'NOT_APPLICABLE'],
    },
    language: {
      description: 'ISO 639-3 code of the language used (INV-18); null where it is not on record.',
      type: ['string', 'null'],
      pattern: '^[a-z]{3}$',
    },
    interpretation: {
      description: 'How it was interpreted (INV-18); null where it is not on record.',
      type: ['string', 'null'],
      enum: ['NONE_NEEDED', 'IN_PERSON', 'REMOTE', 'WRITTEN_ONLY', null],
    },
    expiresAt: {
      description: 'From then on it allows nothing, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      consentId: '00000000-0000-4000-8000-000000000001',
      basis: 'CONSENT',
      purposes: ['REFERRAL'],
      fields: ['SEX', 'NATIONALITY', 'AGE_BAND', 'FACTS'],
      recipients: ['cr-conatt'],
      services: ['TRAFFICKING_SCREENING'],
      history: 'CURRENT',
      form: 'ORAL_WITNESSED',
      givenBy: 'SELF',
      childAssent: 'NOT_APPLICABLE',
      language: 'hat',
      interpretation: 'IN_PERSON',
      expiresAt: '2027-11-22T23:59:59.999Z',
    },
  ],
} as const;
