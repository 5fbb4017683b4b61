import { type JsonObject, UnknownEventVersionError, type Upcaster, upcastToCurrent } from '@acogida/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { ContractClass, ContractPayload } from './contract-event.ts';
import { payloadFrameSchema } from './payload-frame.ts';

/** Event types with their class, the version written today, and the schema of every version ever written. */
export type ContractCatalogue = Readonly<
  Record<
    string,
    {
      readonly class: ContractClass;
      readonly currentVersion: number;
      readonly schemas: Readonly<Record<number, object>>;
    }
  >
>;

/**
 * What a received payload turned out to be. `unknown-type` and `unknown-version` were written by a newer release: keep,
 * never guess. `invalid` breaks its schema, or this release cannot lift it: `reason` names places and rules, never values.
 */
export type ContractReading =
  | { readonly status: 'ok'; readonly payload: ContractPayload }
  | { readonly status: 'unknown-type' }
  | { readonly status: 'unknown-version' }
  | { readonly status: 'invalid'; readonly reason: string };

/** Judges payloads by a catalogue and lifts old versions. */
export interface ContractReader {
  /** Checks what stood inside a seal and lifts it to the current version of its type. Never throws. */
  read(payload: unknown): ContractReading;
  /** Undefined when the data fits its version, else pointer and keyword of the first error, never a value. */
  dataFault(type: string, version: number, data: unknown): string | undefined;
}

/** Pointer and keyword of the first error. `params` and `message` are left out: they may repeat what was sent. */
function reasonOf(prefix: string, errors: readonly ErrorObject[] | null | undefined): string {
  const first = errors?.[0];
  return first === undefined ? `${prefix}: invalid` : `${prefix}${first.instancePath}: ${first.keyword}`;
}

/** @throws UnknownEventVersionError a type has no upcaster from one of its old versions */
function assertChains(catalogue: ContractCatalogue, upcasters: readonly Upcaster[]): void {
  for (const [type, { currentVersion }] of Object.entries(catalogue)) {
    for (let version = 1; version < currentVersion; version += 1) {
      const known = upcasters.some((step) => step.type === type && step.fromVersion === version);
      if (!known) throw new UnknownEventVersionError(type, version);
    }
  }
}

/** Instants as we write them, on days that every month has. */
const USUAL_INSTANT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const anyDateTime = ajvFormats.default.get('date-time') as { readonly validate: (text: string) => boolean };

/** The format of RFC 3339 as the library checks it, which takes ten times as long as recognising what nearly all are. */
function isDateTime(text: string): boolean {
  return USUAL_INSTANT.test(text) || anyDateTime.validate(text);
}

/**
 * Makes a reader. Schemas are compiled when they are first needed.
 *
 * @throws UnknownEventVersionError a type has no upcaster from one of its old versions: told at start, not when the first
 * such event arrives
 */
export function createContractReader(catalogue: ContractCatalogue, upcasters: readonly Upcaster[]): ContractReader {
  assertChains(catalogue, upcasters);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
  ajvFormats.default(ajv);
  ajv.addFormat('date-time', isDateTime);
  ajv.addKeyword({ keyword: 'x-class', schemaType: 'string' });
  const validateFrame = ajv.compile(payloadFrameSchema);
  const validators = new Map<string, ValidateFunction>();

  const entryOf = (type: string) => (Object.hasOwn(catalogue, type) ? catalogue[type] : undefined);

  const validatorOf = (type: string, version: number): ValidateFunction | undefined => {
    const key = `${type}.v${version}`;
    const schema = entryOf(type)?.schemas[version];
    if (schema === undefined) return undefined;
    const validate = validators.get(key) ?? ajv.compile(schema);
    validators.set(key, validate);
    return validate;
  };

  const dataFault = (type: string, version: number, data: unknown): string | undefined => {
    const validate = validatorOf(type, version);
    if (validate === undefined) return '/schemaVersion: unknown';
    return validate(data) ? undefined : reasonOf('/data', validate.errors);
  };

  /** Undefined when an upcaster fails or makes something that the current schema refuses. */
  const lifted = (event: ContractPayload, currentVersion: number): JsonObject | undefined => {
    if (event.schemaVersion === currentVersion) return event.data;
    try {
      const data = upcastToCurrent(event, { [event.type]: currentVersion }, upcasters);
      return dataFault(event.type, currentVersion, data) === undefined ? data : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    dataFault,
    read: (payload) => {
      if (!validateFrame(payload)) return { status: 'invalid', reason: reasonOf('', validateFrame.errors) };
      const event = payload as unknown as ContractPayload;
      const entry = entryOf(event.type);
      if (entry === undefined) return { status: 'unknown-type' };
      const { currentVersion } = entry;
      if (event.schemaVersion > currentVersion) return { status: 'unknown-version' };
      const fault = dataFault(event.type, event.schemaVersion, event.data);
      if (fault !== undefined) return { status: 'invalid', reason: fault };
      // Keys may be of several cases at once: of which, their data says. A receipt of an erasure names no case any more.
      const mayNameNone = entry.class === 'key' || entry.class === 'erasure';
      if (!mayNameNone && (event.caseId === null) !== (entry.class === 'directory'))
        return { status: 'invalid', reason: '/caseId: class' };
      const data = lifted(event, currentVersion);
      if (data === undefined) return { status: 'invalid', reason: '/data: upcast' };
      return { status: 'ok', payload: { ...event, schemaVersion: currentVersion, data } };
    },
  };
}
