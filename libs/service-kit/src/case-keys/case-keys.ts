import type { Instant } from '@acogida/core';
import type { ConsentHistory, LeavingReason } from '@acogida/reference';
import type { GroupAudience } from '@acogida/sealing';
import type {
  Auditor,
  CaseKeysEvent,
  CircleRole,
  EpochNames,
  GrantedAuditor,
  KeyName,
  OpenedAudience,
  RosterEntry,
  RotationReason,
} from './case-keys-events.ts';

/** One epoch of this agency's keys. */
export interface Epoch extends EpochNames {
  /** From 1. */
  readonly epoch: number;
  readonly begunAt: Instant;
  /** Incarnation of the node that began it. */
  readonly incarnation: number;
}

/** An agency that is given keys, or was. */
export interface CircleMember {
  readonly agency: string;
  readonly role: CircleRole;
  readonly memberKeyX: string | null;
  readonly audiences: readonly OpenedAudience[];
  readonly history: ConsentHistory;
  readonly admittedAt: Instant;
  /** Null while it is one. */
  readonly leftAt: Instant | null;
  /** Why it left; left out while it is one. */
  readonly leftFor?: LeavingReason;
  /** Keys that it was given since it was admitted. */
  readonly grantedKeyIds: readonly string[];
  /** When a grant that could not be sealed is tried again; null where none was put off. */
  readonly grantPutOffUntil: Instant | null;
}

/** A change of the circle that no epoch has followed yet. */
export interface OwedRotation {
  readonly reason: Extract<RotationReason, 'MEMBER_LEFT' | 'MEMBER_ADMITTED'>;
  readonly since: Instant;
}

/** This agency's keys of one case, and whom it gave them to. */
export interface CaseKeysState {
  /** Oldest first; none before the case is opened. */
  readonly epochs: readonly Epoch[];
  readonly members: Readonly<Record<string, CircleMember>>;
  readonly owed: OwedRotation | null;
  readonly isErased: boolean;
}

/** Before anything was sealed for the case. */
export const NO_CASE_KEYS: CaseKeysState = { epochs: [], members: {}, owed: null, isErased: false };

/** The epoch that is sealed under; undefined before the case is opened. */
export function openEpochOf({ epochs }: CaseKeysState): Epoch | undefined {
  return epochs.at(-1);
}

/** An agency of the circle; undefined when it is none, or has left. */
export function memberOf({ members }: CaseKeysState, agency: string): CircleMember | undefined {
  const member = Object.hasOwn(members, agency) ? members[agency] : undefined;
  return member?.leftAt === null ? member : undefined;
}

/** Who is in the circle or watches it now, in the order in which they came. */
export function presentMembers({ members }: CaseKeysState): readonly CircleMember[] {
  return Object.values(members).filter(({ leftAt }) => leftAt === null);
}

/** Audiences of a member, without their epochs. */
export function audiencesOfMember({ audiences }: CircleMember): readonly GroupAudience[] {
  return audiences.map(({ audience }) => audience);
}

/** The auditors of a case. */
export function auditorsOf(state: CaseKeysState): readonly Auditor[] {
  return presentMembers(state)
    .filter(({ role }) => role === 'AUDITOR')
    .map((member) => ({ agency: member.agency, audiences: audiencesOfMember(member) }));
}

/**
 * The other members of the circle, as one of them is told; nobody, where it is not told who joins either: what others are may say
 * what they are asked for (INV-17).
 */
export function rosterFor(state: CaseKeysState, agency: string): readonly RosterEntry[] {
  const present = presentMembers(state);
  const told = present.find((member) => member.agency === agency);
  if (told === undefined || !audiencesOfMember(told).includes('care')) return [];
  return present
    .filter((member) => member.role === 'MEMBER' && member.agency !== agency)
    .map((member) => {
      return { agency: member.agency, memberKeyX: member.memberKeyX, audiences: audiencesOfMember(member) };
    });
}

/** Keys that a member is to have and was not given yet, oldest epoch first. */
export function keysOwedTo(state: CaseKeysState, { audiences, grantedKeyIds }: CircleMember): readonly KeyName[] {
  const granted = new Set(grantedKeyIds);
  return state.epochs.flatMap(({ epoch, subject, keyIds }) =>
    audiences
      .filter(({ audience, fromEpoch }) => epoch >= fromEpoch && !granted.has(keyIds[audience]))
      .map(({ audience }) => ({ subject, audience, epoch, keyId: keyIds[audience] })),
  );
}

function begin(state: CaseKeysState, epoch: Epoch, auditors: readonly GrantedAuditor[], at: Instant): CaseKeysState {
  const members = { ...state.members };
  for (const { agency, audiences, isGranted } of auditors) {
    const known = memberOf(state, agency) ?? {
      ...{ agency, role: 'AUDITOR', memberKeyX: null, history: 'FROM_OPENING', admittedAt: at, leftAt: null },
      ...{ audiences: audiences.map((audience) => ({ audience, fromEpoch: epoch.epoch })), grantedKeyIds: [] },
      grantPutOffUntil: null,
    };
    const keyIds = isGranted ? audiences.map((audience) => epoch.keyIds[audience]) : [];
    members[agency] = { ...known, grantedKeyIds: [...known.grantedKeyIds, ...keyIds] };
  }
  return { ...state, members, epochs: [...state.epochs, epoch], owed: null };
}

function admit(
  state: CaseKeysState,
  data: Extract<CaseKeysEvent, { readonly type: 'MemberAdmitted' }>['data'],
): CaseKeysState {
  const { agency, role, memberKeyX, audiences, history, admittedAt } = data;
  const before = memberOf(state, agency);
  // With another pair it can open nothing that it was sent before.
  const grantedKeyIds = before !== undefined && before.memberKeyX === memberKeyX ? before.grantedKeyIds : [];
  const told = { agency, role, memberKeyX, audiences, history, admittedAt };
  const member = { ...told, leftAt: null, grantedKeyIds, grantPutOffUntil: null };
  const current = openEpochOf(state)?.epoch ?? 0;
  const isLater = audiences.some(({ fromEpoch }) => fromEpoch > current);
  const owed = state.owed ?? (isLater ? { reason: 'MEMBER_ADMITTED', since: admittedAt } : null);
  return { ...state, members: { ...state.members, [agency]: member }, owed };
}

function leave(
  state: CaseKeysState,
  { agency, reason, leftAt }: Extract<CaseKeysEvent, { readonly type: 'MemberLeft' }>['data'],
): CaseKeysState {
  const member = memberOf(state, agency);
  if (member === undefined) return state;
  const since = state.owed?.since ?? leftAt;
  return {
    ...state,
    members: { ...state.members, [agency]: { ...member, leftAt, leftFor: reason } },
    owed: { reason: 'MEMBER_LEFT', since },
  };
}

function changed(state: CaseKeysState, agency: string, change: (member: CircleMember) => CircleMember): CaseKeysState {
  const member = memberOf(state, agency);
  return member === undefined ? state : { ...state, members: { ...state.members, [agency]: change(member) } };
}

/** Folds an event into the state. Total. */
export function evolveCaseKeys(state: CaseKeysState, event: CaseKeysEvent): CaseKeysState {
  switch (event.type) {
    case 'CaseOpenedForKeys': {
      const { subject, keyIds, incarnation, auditors, openedAt } = event.data;
      return begin(state, { epoch: 1, subject, keyIds, incarnation, begunAt: openedAt }, auditors, openedAt);
    }
    case 'EpochBegun': {
      const { epoch, subject, keyIds, incarnation, auditors, begunAt } = event.data;
      return begin(state, { epoch, subject, keyIds, incarnation, begunAt }, auditors, begunAt);
    }
    case 'MemberAdmitted':
      return admit(state, event.data);
    case 'MemberLeft':
      return leave(state, event.data);
    case 'KeysGranted': {
      const keyIds = event.data.cases.flatMap(({ keys }) => keys.map(({ keyId }) => keyId));
      return changed(state, event.data.to, (member) => {
        return { ...member, grantedKeyIds: [...member.grantedKeyIds, ...keyIds], grantPutOffUntil: null };
      });
    }
    case 'GrantPostponed': {
      const { agency, until } = event.data;
      return changed(state, agency, (member) => ({ ...member, grantPutOffUntil: until }));
    }
    case 'CaseKeysErased':
      return { ...state, owed: null, isErased: true };
  }
}
