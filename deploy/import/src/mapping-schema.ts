import * as reference from '@acogida/reference';
import { OLDEST_YEARS } from './ages.ts';

type Schema = Record<string, unknown>;

const oneOfCodes = (codes: readonly string[]): Schema => ({ enum: [...codes] });
const listOf = (items: Schema): Schema => ({ type: 'array', items, uniqueItems: true });
const cell: Schema = { type: 'string', maxLength: 200 };
const cells: Schema = listOf(cell);
const language: Schema = { type: 'string', pattern: '^[a-z]{3}$' };
const agency: Schema = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 };
const placeCode: Schema = { type: 'string', pattern: '^[A-Z0-9][A-Z0-9_-]{0,39}$' };
const partialDate: Schema = { type: ['string', 'null'], pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$' };
const consentLanguage: Schema = { anyOf: [{ const: 'AS_INFORMED' }, language, { type: 'null' }] };
const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** An object whose properties are all required, but for those named optional; nothing else may stand in it. */
function object(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  };
}

/** Either a constant or a column; decided by which of the two keys is there, so that the messages stay to the point. */
function constantOr(constant: Schema, column: Schema): Schema {
  return { type: 'object', if: { required: ['column'] }, then: column, else: object({ value: constant }) };
}

function coded(target: Schema): Schema {
  return constantOr(
    target,
    object({
      column: cell,
      codes: { type: 'object', minProperties: 1, additionalProperties: target },
      unknownCodes: { anyOf: [{ const: 'reject' }, object({ as: target })] },
    }),
  );
}

function date(precisions: readonly string[], constant: Schema): Schema {
  return constantOr(constant, object({ column: cell, precision: oneOfCodes(precisions), unknown: cells }, ['unknown']));
}

const anyDate = date(['YEAR', 'MONTH', 'DAY', 'ANY'], partialDate);
const wholeDate = constantOr(
  { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  object({ column: cell, precision: { const: 'DAY' } }),
);
const years: Schema = { type: ['integer', 'null'], minimum: 0, maximum: OLDEST_YEARS };
const band: Schema = nullable(object({ fromYears: years, toYears: years }));
const age: Schema = {
  type: 'object',
  if: { required: ['unit'] },
  then: object({ column: cell, unit: { const: 'YEARS' }, unknown: cells }, ['unknown']),
  else: object({
    column: cell,
    bands: { type: 'object', minProperties: 1, additionalProperties: band },
    unknownCodes: { anyOf: [{ const: 'reject' }, object({ as: band })] },
  }),
};

const byAge = (rule: Schema, child: Schema = rule): Schema => object({ adult: rule, child });
const consentForm = oneOfCodes(reference.CONSENT_FORMS);
const consentGiver = oneOfCodes(reference.CONSENT_GIVERS);

const others = (codes: readonly string[], than: string): Schema => oneOfCodes(codes.filter((code) => code !== than));

/** On what basis a referral shares, of these. A consent says who gave it, and a form on record in which language (INV-18). */
function referralConsent(bases: Schema): Schema {
  const isConsent = { required: ['basis'], properties: { basis: { const: 'CONSENT' } } };
  const isRecorded = { required: ['form'], properties: { form: others(reference.CONSENT_FORMS, 'NOT_RECORDED') } };
  const given = { properties: { givenBy: others(reference.CONSENT_GIVERS, 'NOT_APPLICABLE') } };
  const said = { properties: { language: { type: 'string' } } };
  return {
    ...object({ basis: bases, form: consentForm, givenBy: consentGiver, language: consentLanguage }),
    if: isConsent,
    then: { ...given, if: isRecorded, then: said },
  };
}

const referral: Record<string, Schema> = {
  urgency: coded(oneOfCodes(reference.URGENCIES)),
  reason: coded(oneOfCodes(reference.REFERRAL_REASONS)),
  consent: byAge(
    referralConsent(others(reference.CONSENT_BASES, 'BEST_INTERESTS_OF_CHILD')),
    referralConsent(oneOfCodes(reference.CONSENT_BASES)),
  ),
  consentGrantedOn: anyDate,
};

const indicator: Schema = object({
  dimension: oneOfCodes(reference.INDICATOR_DIMENSIONS),
  code: { type: 'string' },
});

const screening = object({
  safety: object({
    setting: oneOfCodes(['PRIVATE', 'UNKNOWN']),
    urgentNeeds: oneOfCodes(['NONE', 'MET', 'REFERRED', 'UNKNOWN']),
  }),
  consent: byAge(
    object({
      decision: oneOfCodes(['GIVEN', 'REFUSED']),
      form: consentForm,
      givenBy: consentGiver,
      childAssent: oneOfCodes(['YES', 'NO', 'TOO_YOUNG', 'NOT_APPLICABLE']),
      language: consentLanguage,
      interpretation: nullable(oneOfCodes(reference.INTERPRETATIONS)),
    }),
  ),
  acts: { type: 'array', items: coded(listOf(oneOfCodes(reference.TRAFFICKING_ACTS))) },
  means: { type: 'array', items: coded(listOf(oneOfCodes(reference.TRAFFICKING_MEANS))) },
  purposes: { type: 'array', items: coded(listOf(oneOfCodes(reference.TRAFFICKING_PURPOSES))) },
  isInternal: coded({ type: ['boolean', 'null'] }),
  sector: coded(nullable({ type: 'string', pattern: '^[A-U]$' })),
  outcome: coded(oneOfCodes(reference.TRAFFICKING_OUTCOMES)),
  outcomeReason: coded(oneOfCodes(reference.OUTCOME_REASONS)),
});

const trafficking = object({
  when: coded({ type: 'boolean' }),
  receiver: agency,
  flagSource: coded(oneOfCodes(reference.OBSERVATION_SOURCES)),
  indicators: { type: 'array', items: coded(listOf(indicator)) },
  ...referral,
  screening,
});

const asylum = object({
  receiver: coded(nullable(agency)),
  expressedOn: anyDate,
  manner: coded(oneOfCodes(reference.ASYLUM_INTENT_MANNERS)),
  ...referral,
  form: coded(oneOfCodes(reference.LODGING_FORMS)),
  lodgedBy: coded(oneOfCodes(['SELF', 'REPRESENTATIVE'])),
  enteredOn: anyDate,
  lodgedOn: wholeDate,
  registeredOn: wholeDate,
});

/** The JSON Schema of a mapping; `mapping.schema.json` is its printed copy, which a spec keeps equal. */
export const MAPPING_SCHEMA: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:acogida:import-mapping:v1',
  title: 'How the columns of a line list become coded facts',
  ...object(
    {
      $schema: { type: 'string' },
      formatVersion: { const: 1 },
      id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' },
      description: { type: 'string', minLength: 1 },
      columns: { ...cells, minItems: 1 },
      intake: agency,
      contact: object({
        place: coded(placeCode),
        channel: coded(oneOfCodes(reference.CHANNELS)),
        entryMode: coded(oneOfCodes(reference.ENTRY_MODES)),
        contactedOn: anyDate,
      }),
      rightsInformation: object({
        language: coded(language),
        interpretation: coded(oneOfCodes(['NONE_NEEDED', 'WRITTEN_ONLY'])),
        topics: { anyOf: [{ const: 'ALL' }, listOf(oneOfCodes(reference.RIGHTS_TOPICS))] },
        packageVersion: { type: 'string', pattern: '^(?=.*\\d)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$' }, // as intake asks
      }),
      person: object({
        sex: coded(oneOfCodes(reference.SEXES)),
        age,
        dobPrecision: oneOfCodes(reference.DOB_PRECISIONS),
        nationality: object(
          { column: cell, as: { const: 'ISO2' }, status: oneOfCodes(['DECLARED', 'DOCUMENTED']), unknown: cells },
          ['unknown'],
        ),
        languages: coded(listOf(language)),
        careStatus: coded(oneOfCodes(reference.CARE_STATUSES)),
      }),
      urgentNeeds: object(
        Object.fromEntries(reference.URGENT_NEEDS.map((need) => [need, coded(oneOfCodes(reference.ANSWERS))])),
      ),
      trafficking,
      asylum,
    },
    ['$schema', 'trafficking', 'asylum'],
  ),
};
