import type { Decider } from '@acogida/core';
import { type AgencyStatus, type FocalPointRole, isAgencyId, type OriginRegion } from '@acogida/reference';
import {
  type AgencyEntry,
  type AskedAgencyEntry,
  completedEntry,
  isSameAgencyEntry,
  requireAgencyEntry,
} from './agency-entry.ts';
import { refusal } from './refusal.ts';
import { requireLanguages } from './said-once.ts';

/** An Ed25519 public key as JWK (RFC 8037). */
export type PublicKey = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** A key and the first event number of the agency that it may sign. */
export type AgencyKey = {
  readonly keyId: string;
  readonly use: 'SIGNING';
  readonly publicKey: PublicKey;
  readonly fromNumber: number;
};

/** Where an agency is reached for one kind of question. */
export type FocalPoint = {
  readonly role: FocalPointRole;
  /** Organisational mailbox, or telephone number with country code. */
  readonly contact: string;
  /** Region of origin that an extra-continental focal point serves; null for any. */
  readonly originRegion: OriginRegion | null;
  /** ISO 639-3, those in which it can be reached. */
  readonly languages: readonly string[];
};

/** Events of `agency-<agencyId>`. `AgencyListed` comes again when the entry changes. */
export type AgencyEvent =
  | { readonly type: 'AgencyListed'; readonly data: AgencyEntry }
  | { readonly type: 'AgencySuspended'; readonly data: Record<string, never> }
  | { readonly type: 'AgencyReinstated'; readonly data: Record<string, never> }
  | { readonly type: 'AgencyClosed'; readonly data: Record<string, never> }
  | { readonly type: 'SuccessorNamed'; readonly data: { readonly successor: string | null } }
  | { readonly type: 'FocalPointDesignated'; readonly data: FocalPoint }
  | { readonly type: 'AgencyKeyListed'; readonly data: AgencyKey };

/** What is asked of the entry. */
export type AgencyCommand =
  | ({ readonly type: 'ListAgency' } & AskedAgencyEntry)
  | { readonly type: 'SuspendAgency' }
  | { readonly type: 'ReinstateAgency' }
  | { readonly type: 'CloseAgency' }
  | { readonly type: 'NameSuccessor'; readonly successor: string | null }
  | ({ readonly type: 'DesignateFocalPoint' } & FocalPoint)
  | ({ readonly type: 'ListAgencyKey' } & AgencyKey);

/** An agency as listed; null before. */
export type AgencyState = {
  readonly entry: AgencyEntry;
  readonly status: AgencyStatus;
  /** Agency that takes over its cases and holds should it be gone. */
  readonly successor: string | null;
  /** One for each role, and of extra-continental ones one for each region of origin. */
  readonly focalPoints: readonly FocalPoint[];
  readonly keys: readonly AgencyKey[];
} | null;

type Listed = NonNullable<AgencyState>;
type Of<T extends AgencyCommand['type']> = Extract<AgencyCommand, { readonly type: T }>;

function listed(state: AgencyState): Listed {
  if (state === null) throw refusal('DIRECTORY.AGENCY_UNKNOWN', 'there is no such agency', 'not-found');
  return state;
}

function open(state: AgencyState): Listed {
  const agency = listed(state);
  if (agency.status === 'CLOSED') throw refusal('DIRECTORY.AGENCY_CLOSED', 'a closed agency stays closed', 'conflict');
  return agency;
}

function list({ type: _, ...asked }: Of<'ListAgency'>, state: AgencyState): readonly AgencyEvent[] {
  const entry = completedEntry(asked, state?.entry ?? null);
  requireAgencyEntry(entry);
  if (state === null) return [{ type: 'AgencyListed', data: entry }];
  const before = open(state).entry;
  if (before.kind !== entry.kind || before.jurisdiction !== entry.jurisdiction) {
    throw refusal('DIRECTORY.MANDATE_FIXED', 'kind and jurisdiction of an agency never change', 'conflict');
  }
  return isSameAgencyEntry(before, entry) ? [] : [{ type: 'AgencyListed', data: entry }];
}

/** Of a closed agency too: that is when a successor is needed. */
function nameSuccessor({ successor }: Of<'NameSuccessor'>, state: AgencyState): readonly AgencyEvent[] {
  const agency = listed(state);
  if (successor !== null && !isAgencyId(successor)) {
    throw refusal('DIRECTORY.AGENCY_ID_MALFORMED', 'an agency id is kebab case');
  }
  if (successor === agency.entry.agencyId) {
    throw refusal('DIRECTORY.SUCCESSOR_ITSELF', 'an agency is not its own successor');
  }
  return agency.successor === successor ? [] : [{ type: 'SuccessorNamed', data: { successor } }];
}

// An organisational mailbox or telephone number; whether it is one person's cannot be seen from its form.
const CONTACT = /^([^\s@]{1,64}@[^\s@]+\.[^\s@]+|\+\d[\d ]{5,24})$/;

const isSamePlace = (one: FocalPoint, other: FocalPoint): boolean =>
  one.role === other.role && one.originRegion === other.originRegion;

function designate({ type: _, ...point }: Of<'DesignateFocalPoint'>, state: AgencyState): readonly AgencyEvent[] {
  const { focalPoints } = open(state);
  if (point.contact.length > 200 || !CONTACT.test(point.contact)) {
    throw refusal('DIRECTORY.CONTACT_MALFORMED', 'a contact is a mailbox or a telephone number with country code');
  }
  if (point.originRegion !== null && point.role !== 'EXTRA_CONTINENTAL') {
    throw refusal('DIRECTORY.REGION_NOT_OF_ROLE', 'only extra-continental focal points are of a region of origin');
  }
  requireLanguages(point.languages);
  const before = focalPoints.find((known) => isSamePlace(known, point));
  const isKnown =
    before?.contact === point.contact && JSON.stringify(before.languages) === JSON.stringify(point.languages);
  return isKnown ? [] : [{ type: 'FocalPointDesignated', data: point }];
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
  const known = keys.find(({ keyId }) => keyId === key.keyId);
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
      return listed(state).status === 'CLOSED' ? [] : [{ type: 'AgencyClosed', data: {} }];
    case 'NameSuccessor':
      return nameSuccessor(command, state);
    case 'DesignateFocalPoint':
      return designate(command, state);
    case 'ListAgencyKey':
      return listKey(command, state);
  }
}

function evolve(state: AgencyState, event: AgencyEvent): AgencyState {
  switch (event.type) {
    case 'AgencyListed':
      return { status: 'ACTIVE', successor: null, focalPoints: [], keys: [], ...state, entry: event.data };
    case 'AgencySuspended':
      return state && { ...state, status: 'SUSPENDED' };
    case 'AgencyReinstated':
      return state && { ...state, status: 'ACTIVE' };
    case 'AgencyClosed':
      return state && { ...state, status: 'CLOSED' };
    case 'SuccessorNamed':
      return state && { ...state, successor: event.data.successor };
    case 'FocalPointDesignated': {
      const others = state?.focalPoints.filter((known) => !isSamePlace(known, event.data)) ?? [];
      return state && { ...state, focalPoints: [...others, event.data] };
    }
    case 'AgencyKeyListed':
      return state && { ...state, keys: [...state.keys, event.data] };
  }
}

/** An agency's entry in the directory: its status and successor, where to reach it, and its public keys. */
export const agencyDecider: Decider<AgencyCommand, AgencyState, AgencyEvent> = { initialState: null, decide, evolve };
