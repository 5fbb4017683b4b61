import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { HsdsDocument } from './hsds-document.ts';

const ID = { type: 'string', format: 'uuid' };
const text = (maxLength: number): object => ({ type: 'string', maxLength });
const listOf = (items: object, maxItems: number): object => ({ type: 'array', items, maxItems });
/** Members that HSDS has and we do not read may be there: the document is not ours alone. */
const objectOf = (required: readonly string[], properties: object): object => ({
  type: 'object',
  required: [...required],
  properties,
});

const ATTRIBUTES = listOf(
  objectOf(['id'], {
    id: ID,
    link_type: text(100),
    link_entity: text(100),
    value: text(2000),
    taxonomy_term: objectOf(['id', 'name', 'description'], {
      ...{ id: ID, code: text(200), name: text(500), description: text(5000), taxonomy: text(500) },
    }),
  }),
  2000,
);
const PHONES = listOf(objectOf(['id', 'number'], { id: ID, number: text(100) }), 100);

const ORGANIZATION = objectOf(['id', 'name', 'description'], {
  id: ID,
  name: { type: 'string', minLength: 1, maxLength: 200 },
  description: text(10_000),
  email: { type: 'string', format: 'email', maxLength: 200 },
  phones: PHONES,
  contacts: listOf(
    objectOf(['id'], {
      id: ID,
      department: text(500),
      email: { type: 'string', format: 'email', maxLength: 200 },
      phones: PHONES,
      attributes: ATTRIBUTES,
    }),
    100,
  ),
  locations: listOf(
    objectOf(['id'], {
      id: ID,
      addresses: listOf(objectOf(['id', 'country'], { id: ID, country: text(200) }), 100),
    }),
    1000,
  ),
  organization_identifiers: listOf(
    objectOf(['id', 'identifier_type', 'identifier'], {
      ...{ id: ID, identifier_scheme: text(200), identifier_type: text(200), identifier: text(500) },
    }),
    100,
  ),
  attributes: ATTRIBUTES,
});

const SCHEDULE = objectOf(['id'], {
  id: ID,
  freq: { enum: ['WEEKLY', 'MONTHLY'] },
  byday: text(100),
  opens_at: text(30),
  closes_at: text(30),
  timezone: { type: 'number', minimum: -14, maximum: 14 },
  valid_from: { type: 'string', format: 'date' },
  valid_to: { type: 'string', format: 'date' },
  attributes: ATTRIBUTES,
});

const SERVICE = objectOf(['id', 'name', 'status'], {
  id: ID,
  organization_id: ID,
  organization: objectOf(['id'], { id: ID }),
  name: { type: 'string', minLength: 1, maxLength: 200 },
  description: text(2000),
  status: { enum: ['active', 'inactive', 'defunct', 'temporarily closed'] },
  eligibility_description: text(2000),
  minimum_age: { type: 'number', minimum: 0, maximum: 120 },
  maximum_age: { type: 'number', minimum: 0, maximum: 120 },
  languages: listOf(objectOf(['id'], { id: ID, code: text(20), name: text(200) }), 50),
  service_areas: listOf(
    objectOf(['id'], { id: ID, name: text(200), extent: text(100_000), extent_type: text(100) }),
    200,
  ),
  schedules: listOf(SCHEDULE, 50),
  capacities: listOf(
    objectOf(['id', 'unit', 'available', 'updated'], {
      id: ID,
      unit: objectOf(['id', 'name'], { id: ID, name: { type: 'string', minLength: 1, maxLength: 60 } }),
      available: { type: 'integer', minimum: 0 },
      maximum: { type: 'integer', minimum: 0 },
      updated: { type: 'string', format: 'date-time' },
    }),
    20,
  ),
  attributes: ATTRIBUTES,
});

/** JSON Schema (2020-12) of the part of HSDS 3 that is read and written. */
export const hsdsSchema = objectOf(['version', 'organizations', 'services'], {
  version: { type: 'string', pattern: '^3\\.\\d+(\\.\\d+)?$' },
  organizations: listOf(ORGANIZATION, 2000),
  services: listOf(SERVICE, 10_000),
});

let compiled: ValidateFunction<HsdsDocument> | undefined;

function validator(): ValidateFunction<HsdsDocument> {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020({ strict: true, allErrors: false });
  ajvFormats.default(ajv);
  compiled = ajv.compile<HsdsDocument>(hsdsSchema);
  return compiled;
}

/** Where a document does not fit: JSON pointer and keyword, never a value. */
export interface HsdsFault {
  readonly pointer: string;
  readonly keyword: string;
}

/** What is wrong with a document; undefined when it is HSDS 3 as far as we read it. */
export function hsdsFault(document: unknown): HsdsFault | undefined {
  const validate = validator();
  if (validate(document)) return undefined;
  const [first] = validate.errors ?? [];
  return { pointer: first?.instancePath ?? '', keyword: first?.keyword ?? 'invalid' };
}
