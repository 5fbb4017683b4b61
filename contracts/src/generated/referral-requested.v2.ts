// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency asks another to serve a person (architecture.md §6). Coded facts are limited to what consent allows.
 */
export type ReferralRequestedV2Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Agency that asks.
   */
  readonly sender: string;
  /**
   * Agency that is asked.
   */
  readonly receiver: string;
  /**
   * What is asked for.
   */
  readonly service:
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
    | 'INTERPRETATION';
  /**
   * Acknowledgement due in 1 h, 24 h, 72 h, 7 days.
   */
  readonly urgency: 'LIFE_SAVING' | 'URGENT' | 'PRIORITY' | 'ROUTINE';
  /**
   * Why.
   */
  readonly reason:
    | 'TRAFFICKING_SUSPECTED'
    | 'ASYLUM_INTENT'
    | 'CHILD_AT_RISK'
    | 'URGENT_NEED'
    | 'SPECIFIC_NEED'
    | 'FAMILY_UNITY'
    | 'CONTINUITY_OF_CARE'
    | 'PERSON_REQUEST';
  /**
   * When acknowledgement is due, UTC.
   */
  readonly acknowledgeBy: string;
  /**
   * What allows the sharing (domain.md §1.3).
   */
  readonly consent: {
    /**
     * Legal basis.
     */
    readonly basis: 'CONSENT' | 'VITAL_INTEREST' | 'BEST_INTERESTS_OF_CHILD';
    /**
     * Form of the consent.
     */
    readonly form: 'WRITTEN' | 'ORAL_WITNESSED' | 'THUMBPRINT' | 'NOT_RECORDED';
    /**
     * Who gave it.
     */
    readonly givenBy: 'SELF' | 'GUARDIAN' | 'NOT_APPLICABLE';
    /**
     * ISO 639-3 code of the language used; null where no consent was asked.
     */
    readonly language: string | null;
    /**
     * When it was given. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.
     */
    readonly grantedOn: string | null;
    /**
     * Whether a child agreed to what its guardian consented to; left out where a recorded consent says it, and of an adult.
     */
    readonly childAssent?: 'YES' | 'NO' | 'TOO_YOUNG' | 'NOT_APPLICABLE';
    /**
     * How it was interpreted (INV-18); left out where a recorded consent says it, or nobody did.
     */
    readonly interpretation?: 'NONE_NEEDED' | 'IN_PERSON' | 'REMOTE' | 'WRITTEN_ONLY';
    /**
     * The recorded consent that it rests on; left out where the referral states it in its own words.
     */
    readonly consentId?: string;
    /**
     * Why it was shared although no consent allows it; left out where one does.
     */
    readonly overriddenFor?: 'LIFE_AT_RISK' | 'CHILD_AT_RISK' | 'COURT_ORDER' | 'LEGAL_DUTY';
  };
  /**
   * Coded facts of the person that the receiver needs to decide.
   */
  readonly facts: {
    /**
     * Sex as recorded.
     */
    readonly sex: 'FEMALE' | 'MALE' | 'OTHER' | 'UNKNOWN';
    /**
     * DISPUTED is treated as CHILD.
     */
    readonly ageStatus: 'ADULT' | 'CHILD' | 'DISPUTED';
    /**
     * Inclusive bounds in completed years; null bound means open; null when nothing is known of the age.
     */
    readonly ageBand: {
      /**
       * Lowest age.
       */
      readonly fromYears: number | null;
      /**
       * Highest age.
       */
      readonly toYears: number | null;
    } | null;
    /**
     * ISO 3166-1 alpha-2 codes; empty when none is known.
     *
     * @maxItems 10
     */
    readonly nationalities: readonly string[];
    /**
     * How sure the nationality is.
     */
    readonly nationalityStatus: 'DOCUMENTED' | 'DECLARED' | 'UNDETERMINED' | 'AT_RISK_OF_STATELESSNESS' | 'STATELESS';
  };
  /**
   * Whether custody of the case is to move with the acceptance.
   */
  readonly transfer: boolean;
  /**
   * What several services asked for in one go have in common, or null.
   */
  readonly groupId: string | null;
  /**
   * Term under which the sender has custody of the case; null where it has not.
   */
  readonly custodyTerm: number | null;
  /**
   * The referral that it goes on with; null where it is the first.
   */
  readonly causedBy: string | null;
  /**
   * Why it separates a family all the same (INV-24); null where it does not.
   */
  readonly separationReason: 'CHILD_INTERESTS' | 'PROTECTION_RISK' | null;
  /**
   * Documents that are pointed to; they do not travel with it.
   *
   * @maxItems 20
   */
  readonly attachments: readonly {
    /**
     * The document.
     */
    readonly attachmentId: string;
    /**
     * Kind of document.
     */
    readonly kind:
      | 'REFERRAL_LETTER'
      | 'PROFILE_SHEET'
      | 'ASSESSMENT'
      | 'MEDICAL_REPORT'
      | 'LEGAL_DOCUMENT'
      | 'IDENTITY_DOCUMENT'
      | 'CONSENT_FORM'
      | 'OTHER';
    /**
     * SHA-256 of the document, hex.
     */
    readonly sha256: string;
  }[];
  /**
   * Time limits of this referral, the same for both sides.
   */
  readonly deadlines: {
    /**
     * From the request to its acknowledgement. Milliseconds.
     */
    readonly acknowledgeWithinMs: number;
    /**
     * From an escalation to the supervisor’s answer. Milliseconds.
     */
    readonly escalateForMs: number;
    /**
     * From acknowledgement, or the information asked for, to the decision. Milliseconds.
     */
    readonly decideWithinMs: number;
    /**
     * From acceptance to the first service. Milliseconds.
     */
    readonly startWithinMs: number;
    /**
     * From the start of the service to its end. Milliseconds.
     */
    readonly reportWithinMs: number;
    /**
     * From the end of the service to the sender’s last word. Milliseconds.
     */
    readonly closeLoopWithinMs: number;
  };
};

/** JSON Schema of `ReferralRequestedV2Data`. */
export const referralRequestedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-requested:v2',
  title: 'ReferralRequested',
  description:
    'An agency asks another to serve a person (architecture.md §6). Coded facts are limited to what consent allows.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: [
    'referralId',
    'sender',
    'receiver',
    'service',
    'urgency',
    'reason',
    'acknowledgeBy',
    'consent',
    'facts',
    'transfer',
    'groupId',
    'custodyTerm',
    'causedBy',
    'separationReason',
    'attachments',
    'deadlines',
  ],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    sender: {
      description: 'Agency that asks.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    receiver: {
      description: 'Agency that is asked.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    service: {
      description: 'What is asked for.',
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
    urgency: {
      description: 'Acknowledgement due in 1 h, 24 h, 72 h, 7 days.',
      type: 'string',
      enum: ['LIFE_SAVING', 'URGENT', 'PRIORITY', 'ROUTINE'],
    },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: [
        'TRAFFICKING_SUSPECTED',
        'ASYLUM_INTENT',
        'CHILD_AT_RISK',
        'URGENT_NEED',
        'SPECIFIC_NEED',
        'FAMILY_UNITY',
        'CONTINUITY_OF_CARE',
        'PERSON_REQUEST',
      ],
    },
    acknowledgeBy: {
      description: 'When acknowledgement is due, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
    consent: {
      description: 'What allows the sharing (domain.md §1.3).',
      type: 'object',
      additionalProperties: false,
      required: ['basis', 'form', 'givenBy', 'language', 'grantedOn'],
      properties: {
        basis: {
          description: 'Legal basis.',
          type: 'string',
          enum: ['CONSENT', 'VITAL_INTEREST', 'BEST_INTERESTS_OF_CHILD'],
        },
        form: {
          description: 'Form of the consent.',
          type: 'string',
          enum: ['WRITTEN', 'ORAL_WITNESSED', 'THUMBPRINT', 'NOT_RECORDED'],
        },
        givenBy: { description: 'Who gave it.', type: 'string', enum: ['SELF', 'GUARDIAN', 'NOT_APPLICABLE'] },
        language: {
          description: 'ISO 639-3 code of the language used; null where no consent was asked.',
          type: ['string', 'null'],
          pattern: '^[a-z]{3}$',
        },
        grantedOn: {
          description: 'When it was given. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.',
          type: ['string', 'null'],
          pattern: '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$',
        },
        childAssent: {
          description:
            'Whether a child agreed to what its guardian consented to; left out where a recorded consent says it, and of an adult.',
          type: 'string',
          enum: ['YES', 'NO', 'TOO_YOUNG', 'NOT_APPLICABLE'],
        },
        interpretation: {
          description: 'How it was interpreted (INV-18); left out where a recorded consent says it, or nobody did.',
          type: 'string',
          enum: ['NONE_NEEDED', 'IN_PERSON', 'REMOTE', 'WRITTEN_ONLY'],
        },
        consentId: {
          description: 'The recorded consent that it rests on; left out where the referral states it in its own words.',
          type: 'string',
          format: 'uuid',
        },
        overriddenFor: {
          description: 'Why it was shared although no consent allows it; left out where one does.',
          type: 'string',
          enum: ['LIFE_AT_RISK', 'CHILD_AT_RISK', 'COURT_ORDER', 'LEGAL_DUTY'],
        },
      },
    },
    facts: {
      description: 'Coded facts of the person that the receiver needs to decide.',
      type: 'object',
      additionalProperties: false,
      required: ['sex', 'ageStatus', 'ageBand', 'nationalities', 'nationalityStatus'],
      properties: {
        sex: { description: 'Sex as recorded.', type: 'string', enum: ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'] },
        ageStatus: {
          description: 'DISPUTED is treated as CHILD.',
          type: 'string',
          enum: ['ADULT', 'CHILD', 'DISPUTED'],
        },
        ageBand: {
          description:
            'Inclusive bounds in completed years; null bound means open; null when nothing is known of the age.',
          type: ['object', 'null'],
          additionalProperties: false,
          required: ['fromYears', 'toYears'],
          properties: {
            fromYears: { description: 'Lowest age.', type: ['integer', 'null'], minimum: 0, maximum: 130 },
            toYears: { description: 'Highest age.', type: ['integer', 'null'], minimum: 0, maximum: 130 },
          },
        },
        nationalities: {
          description: 'ISO 3166-1 alpha-2 codes; empty when none is known.',
          type: 'array',
          items: { type: 'string', pattern: '^[A-Z]{2}$' },
          uniqueItems: true,
          maxItems: 10,
        },
        nationalityStatus: {
          description: 'How sure the nationality is.',
          type: 'string',
          enum: ['DOCUMENTED', 'DECLARED', 'UNDETERMINED', 'AT_RISK_OF_STATELESSNESS', 'STATELESS'],
        },
      },
    },
    transfer: { description: 'Whether custody of the case is to move with the acceptance.', type: 'boolean' },
    groupId: {
      description: 'What several services asked for in one go have in common, or null.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    custodyTerm: {
      description: 'Term under which the sender has custody of the case; null where it has not.',
      type: ['integer', 'null'],
      minimum: 1,
    },
    causedBy: {
      description: 'The referral that it goes on with; null where it is the first.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    separationReason: {
      description: 'Why it separates a family all the same (INV-24); null where it does not.',
      type: ['string', 'null'],
      enum: ['CHILD_INTERESTS', 'PROTECTION_RISK', null],
    },
    attachments: {
      description: 'Documents that are pointed to; they do not travel with it.',
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['attachmentId', 'kind', 'sha256'],
        properties: {
          attachmentId: { description: 'The document.', type: 'string', format: 'uuid' },
          kind: {
            description: 'Kind of document.',
            type: 'string',
            enum: [
              'REFERRAL_LETTER',
              'PROFILE_SHEET',
              'ASSESSMENT',
              'MEDICAL_REPORT',
              'LEGAL_DOCUMENT',
              'IDENTITY_DOCUMENT',
              'CONSENT_FORM',
              'OTHER',
            ],
          },
          sha256: { description: 'SHA-256 of the document, hex.', type: 'string', pattern: '^[0-9a-f]{64}$' },
        },
      },
      maxItems: 20,
    },
    deadlines: {
      description: 'Time limits of this referral, the same for both sides.',
      type: 'object',
      additionalProperties: false,
      required: [
        'acknowledgeWithinMs',
        'escalateForMs',
        'decideWithinMs',
        'startWithinMs',
        'reportWithinMs',
        'closeLoopWithinMs',
      ],
      properties: {
        acknowledgeWithinMs: {
          description: 'From the request to its acknowledgement. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
        escalateForMs: {
          description: 'From an escalation to the supervisor’s answer. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
        decideWithinMs: {
          description: 'From acknowledgement, or the information asked for, to the decision. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
        startWithinMs: {
          description: 'From acceptance to the first service. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
        reportWithinMs: {
          description: 'From the start of the service to its end. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
        closeLoopWithinMs: {
          description: 'From the end of the service to the sender’s last word. Milliseconds.',
          type: 'integer',
          minimum: 60000,
          maximum: 31622400000,
        },
      },
    },
  },
  examples: [
    {
      referralId: '00000000-0000-4000-8000-000000000001',
      sender: 'cr-border-intake',
      receiver: 'cr-conatt',
      service: 'TRAFFICKING_SCREENING',
      urgency: 'URGENT',
      reason: 'TRAFFICKING_SUSPECTED',
      acknowledgeBy: '2026-11-23T09:00:00.000Z',
      consent: { basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-22' },
      facts: {
        sex: 'FEMALE',
        ageStatus: 'ADULT',
        ageBand: { fromYears: 30, toYears: 38 },
        nationalities: ['HT'],
        nationalityStatus: 'DECLARED',
      },
      transfer: false,
      groupId: null,
      custodyTerm: null,
      causedBy: null,
      separationReason: null,
      attachments: [
        {
          attachmentId: '00000000-0000-4000-8000-000000000002',
          kind: 'REFERRAL_LETTER',
          sha256: '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f',
        },
      ],
      deadlines: {
        acknowledgeWithinMs: 86400000,
        escalateForMs: 43200000,
        decideWithinMs: 86400000,
        startWithinMs: 86400000,
        reportWithinMs: 2592000000,
        closeLoopWithinMs: 604800000,
      },
    },
  ],
} as const;
