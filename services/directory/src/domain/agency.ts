import { type Decider, DomainError, type DomainErrorKind } from '@acogida/core';
import { type AgencyKind, type AgencyStatus, type FocalPointRole, isAgencyId, isCountry } from '@acogida/reference';

/** An Ed25519 public key as JWK (RFC 8037). */
export type PublicKey = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** A key and the first event number of the agency that it may sign. */
export type AgencyKey = {
  readonly keyId: string;
  readonly use: 'SIGNING';
  readonly publicKey: PublicKey;
  readonly fromNumber: number;
};

/** Entry of an agency. Kind and jurisdiction never change: another mandate is another agency. */
export type AgencyEntry = {
  readonly agencyId: string;
  readonly name: string;
  readonly kind: AgencyKind;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
};

/** Events of `agency-<agencyId>`. `AgencyListed` comes again when the name changes. */
export type AgencyEvent =
  | { readonly type: 'AgencyListed'; readonly data: AgencyEntry }
  | { readonly type: 'AgencySuspended'; readonly data: Record<string, never> }
  | { readonly type: 'AgencyReinstated'; readonly data: Record<string, never> }
  | { readonly type: 'AgencyClosed'; readonly data: Record<string, never> }
  | {
      readonly type: 'FocalPointDesignated';
      readonly data: { readonly role: FocalPointRole; readonly contact: string };
    }
  | { readonly type: 'AgencyKeyListed'; readonly data: AgencyKey };

/** What is asked of the entry. */
export type AgencyCommand =
  | ({ readonly type: 'ListAgency' } & AgencyEntry)
  | { readonly type: 'SuspendAgency' }
  | { readonly type: 'ReinstateAgency' }
  | { readonly type: 'CloseAgency' }
  | { readonly type: 'DesignateFocalPoint'; readonly role: FocalPointRole; readonly contact: string }
  | ({ readonly type: 'ListAgencyKey' } & AgencyKey);

/** An agency as listed; null before. */
export type AgencyState = {
  readonly entry: AgencyEntry;
  readonly status: AgencyStatus;
  readonly focalPoints: Readonly<Partial<Record<FocalPointRole, string>>>;
  readonly keys: readonly AgencyKey[];
} | null;

type Listed = NonNullable<AgencyState>;
type Of<T extends AgencyCommand['type']> = Extract<AgencyCommand, { readonly type: T }>;

function refusal(code: string, message: string, kind: DomainErrorKind = 'invalid'): DomainError {
  return new DomainError(code, kind, message);
}

function open(state: AgencyState): Listed {
  if (state === null) throw refusal('DIRECTORY.AGENCY_UNKNOWN', 'there is no such agency', 'not-found');
  if (state.status === 'CLOSED') throw refusal('DIRECTORY.AGENCY_CLOSED', 'a closed agency stays closed', 'conflict');
  return state;
}

function list({ type: _, ...entry }: Of<'ListAgency'>, state: AgencyState): readonly AgencyEvent[] {
  const { agencyId, name, kind, jurisdiction } = entry;
  if (!isAgencyId(agencyId)) throw refusal('DIRECTORY.AGENCY_ID_MALFORMED', 'an agency id is kebab case');
  if (name.trim() === '') throw refusal('DIRECTORY.NAME_MISSING', 'an agency has a name');
  if (jurisdiction !== null && !isCountry(jurisdiction)) {
    throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
  }
  if (state === null) return [{ type: 'AgencyListed', data: entry }];
  const listed = open(state).entry;
  if (listed.kind !== kind || listed.jurisdiction !== jurisdiction) {
    throw refusal('DIRECTORY.MANDATE_FIXED', 'kind and jurisdiction of an agency never change', 'conflict');
  }
  return listed.name === name ? [] : [{ type: 'AgencyListed', data: entry }];
}

// An organisational mailbox or telephone number; whether it is one person's cannot be seen from its form.
const CONTACT = /^([^\s@]{1,64}@[^\s@]+\.[^\s@]+|\+\d[\d ]{5,24})$/;

function designate({ role, contact }: Of<'DesignateFocalPoint'>, state: AgencyState): readonly AgencyEvent[] {
  const { focalPoints } = open(state);
  if (contact.length > 200 || !CONTACT.test(contact)) {
    throw refusal('DIRECTORY.CONTACT_MALFORMED', 'a contact is a mailbox or a telephone number with country code');
  }
  return focalPoints[role] === contact ? [] : [{ type: 'FocalPointDesignated', data: { role, contact } }];
}

function isSameKey(one: AgencyKey, other: AgencyKey): boolean {
  return one.fromNumber === other.fromNumber && one.publicKey.x === other.publicKey.x;
}

function listKey({ type: _, ...key }: Of<'ListAgencyKey'>, state: AgencyState): readonly AgencyEvent[] {
  const { keys } = open(state);
  if (key.keyId.trim() === '') throw refusal('DIRECTORY.KEY_ID_MISSING', 'a key has an id');
  if (!/^[A-Za-z0-9_-]{43}$/.test(key.publicKey.x))
    throw refusal('DIRECTORY.KEY_MALFORMED', 'not an Ed25519 public key');
  if (!Number.isSafeInteger(key.fromNumber) || key.fromNumber < 1) {
    throw refusal('DIRECTORY.KEY_NUMBER_MALFORMED', 'event numbers are whole numbers from 1');
  }
  const known = keys.find((listed) => listed.keyId === key.keyId);
  if (known !== undefined) {
    if (isSameKey(known, key)) return [];
    throw refusal('DIRECTORY.KEY_ID_TAKEN', 'another key has this id', 'conflict');
  }
  const last = keys.at(-1);
  if (last !== undefined && key.fromNumber <= last.fromNumber) {
    throw refusal('DIRECTORY.KEY_NOT_LATER', 'a new key signs later events than the one before', 'conflict');
  }
  return [{ type: 'AgencyKeyListed', data: key }];
}

function decide(command: AgencyCommand, state: AgencyState): readonly AgencyEvent[] {
  switch (command.type) {
    case 'ListAgency':
      return list(command, state);
    case 'SuspendAgency':
      return open(state).status === 'SUSPENDED' ? [] : [{ type: 'AgencySuspended', data: {} }];
    case 'ReinstateAgency':
      return open(state).status === 'ACTIVE' ? [] : [{ type: 'AgencyReinstated', data: {} }];
    case 'CloseAgency':
      if (state?.status === 'CLOSED') return [];
      open(state);
      return [{ type: 'AgencyClosed', data: {} }];
    case 'DesignateFocalPoint':
      return designate(command, state);
    case 'ListAgencyKey':
      return listKey(command, state);
  }
}

function evolve(state: AgencyState, event: AgencyEvent): AgencyState {
  switch (event.type) {
    case 'AgencyListed':
      return { status: 'ACTIVE', focalPoints: {}, keys: [], ...state, entry: event.data };
    case 'AgencySuspended':
      return state && { ...state, status: 'SUSPENDED' };
    case 'AgencyReinstated':
      return state && { ...state, status: 'ACTIVE' };
    case 'AgencyClosed':
      return state && { ...state, status: 'CLOSED' };
    case 'FocalPointDesignated':
      return state && { ...state, focalPoints: { ...state.focalPoints, [event.data.role]: event.data.contact } };
    case 'AgencyKeyListed':
      return state && { ...state, keys: [...state.keys, event.data] };
  }
}

/** An agency's entry in the directory: its status, where to reach it, and its public keys. */
export const agencyDecider: Decider<AgencyCommand, AgencyState, AgencyEvent> = { initialState: null, decide, evolve };
