import { upcastToCurrent } from '@acogida/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { ContractPayload } from './contract-event.ts';
import { contractCatalogue } from './generated/catalogue.ts';
import { type ContractType, contractUpcasters, type KnownContractPayload } from './known-event.ts';

/**
 * What a received payload turned out to be. `unknown-type` and `unknown-version` were written by a newer release: keep,
 * never guess. `invalid` breaks its schema and never gets better; `reason` names places and rules, never values.
 */
export type ReadContractPayload =
  | { readonly status: 'ok'; readonly payload: KnownContractPayload }
  | { readonly status: 'unknown-type' }
  | { readonly status: 'unknown-version' }
  | { readonly status: 'invalid'; readonly reason: string };

/** The part that all payloads share. Unknown keys are allowed here, so that a newer frame stays readable. */
const FRAME_SCHEMA = {
  type: 'object',
  required: [
    'type',
    'schemaVersion',
    'caseId',
    'data',
    'occurredAt',
    'recordedAt',
    'stream',
    'version',
    'publishedHead',
    'privateHead',
    'correlationId',
    'causation',
    'clock',
  ],
  properties: {
    type: { type: 'string', pattern: '^[A-Z][A-Za-z0-9]*$', maxLength: 100 },
    schemaVersion: { type: 'integer', minimum: 1 },
    caseId: { type: ['string', 'null'], format: 'uuid' },
    data: { type: 'object' },
    occurredAt: { type: 'string', format: 'date-time' },
    recordedAt: { type: 'string', format: 'date-time' },
    stream: { type: 'string', minLength: 1, maxLength: 200 },
    version: { type: 'integer', minimum: 1 },
    publishedHead: { type: 'string', pattern: '^[0-9a-f]*$', maxLength: 64 },
    privateHead: { type: 'string', pattern: '^[0-9a-f]*$', maxLength: 64 },
    correlationId: { type: 'string', maxLength: 200 },
    causation: {
      type: ['object', 'null'],
      required: ['source', 'id'],
      properties: { source: { type: 'string', maxLength: 60 }, id: { type: 'string', format: 'uuid' } },
    },
    clock: { type: 'string', pattern: '^\\d{13}-\\d{6}$' },
  },
};

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
ajvFormats.default(ajv);
ajv.addKeyword({ keyword: 'x-class', schemaType: 'string' });

const validateFrame = ajv.compile(FRAME_SCHEMA);
const validators = new Map<string, ValidateFunction>();

function validatorOf(type: ContractType, version: number): ValidateFunction | undefined {
  const key = `${type}.v${version}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const schemas: Readonly<Record<number, object>> = contractCatalogue[type].schemas;
  const schema = schemas[version];
  if (schema === undefined) return undefined;
  const validate = ajv.compile(schema);
  validators.set(key, validate);
  return validate;
}

/** Pointer and keyword of the first error. `params` and `message` are left out: they may repeat what was sent. */
function reasonOf(prefix: string, errors: readonly ErrorObject[] | null | undefined): string {
  const first = errors?.[0];
  return first === undefined ? `${prefix}: invalid` : `${prefix}${first.instancePath}: ${first.keyword}`;
}

/** Whether this release knows the type. */
export function isContractType(type: string): type is ContractType {
  return Object.hasOwn(contractCatalogue, type);
}

/**
 * Checks the data of one event version against its schema.
 *
 * @returns undefined when it fits, else pointer and keyword of the first error, never a value
 */
export function contractDataFault(type: ContractType, version: number, data: unknown): string | undefined {
  const validate = validatorOf(type, version);
  if (validate === undefined) return '/schemaVersion: unknown';
  return validate(data) ? undefined : reasonOf('/data', validate.errors);
}

/** Checks what stood inside a seal and lifts it to the current version of its type. Never throws. */
export function readContractPayload(payload: unknown): ReadContractPayload {
  if (!validateFrame(payload)) return { status: 'invalid', reason: reasonOf('', validateFrame.errors) };
  const read = payload as unknown as ContractPayload;
  if (!isContractType(read.type)) return { status: 'unknown-type' };
  const entry = contractCatalogue[read.type];
  if (read.schemaVersion > entry.currentVersion) return { status: 'unknown-version' };
  const fault = contractDataFault(read.type, read.schemaVersion, read.data);
  if (fault !== undefined) return { status: 'invalid', reason: fault };
  if ((read.caseId === null) !== (entry.class === 'directory')) return { status: 'invalid', reason: '/caseId: class' };
  const data = upcastToCurrent(read, { [read.type]: entry.currentVersion }, contractUpcasters);
  return {
    status: 'ok',
    payload: { ...read, schemaVersion: entry.currentVersion, data } as unknown as KnownContractPayload,
  };
}
