import { DomainError, type DomainErrorKind } from '@acogida/core';
import { GROUP_AUDIENCES, type GroupAudience, KEY_AUDIENCES, usablePublicKey } from '@acogida/sealing';
import {
  audiencesOfMember,
  auditorsOf,
  type CaseKeysState,
  type CircleMember,
  type Epoch,
  evolveCaseKeys,
  keysOwedTo,
  memberOf,
  openEpochOf,
  rosterFor,
} from './case-keys.ts';
import type { CaseKeysCommand, CaseKeysCommandOf, CircleStep, HandedOn } from './case-keys-commands.ts';
import type {
  Auditor,
  CaseKeysEvent,
  EpochNames,
  GrantedAuditor,
  GrantedCase,
  OpenedAudience,
} from './case-keys-events.ts';
import { rotationDue } from './rotation.ts';

/** Most keys that are granted at once; the rest stays owed. */
export const KEYS_PER_GRANT = 200;

const SUBJECT = /^[0-9a-f]{32}$/;
const KEY_ID = /^[A-Za-z0-9_-]{43}$/;

function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(`KEYS.${code}`, kind, message);
}

function requireNames({ subject, keyIds }: EpochNames, epochs: readonly Epoch[]): void {
  const fresh = KEY_AUDIENCES.map((audience) => keyIds[audience]);
  if (!SUBJECT.test(subject) || !fresh.every((keyId) => KEY_ID.test(keyId))) {
    throw refusal('NAMES_MALFORMED', 'an epoch has a subject and a key id for every audience', 'invalid');
  }
  const used = epochs.flatMap((epoch) => [epoch.subject, ...Object.values(epoch.keyIds)]);
  if (new Set(fresh).size !== fresh.length || [subject, ...fresh].some((name) => used.includes(name))) {
    throw refusal('NAMES_USED', 'an epoch has keys and a subject of its own', 'invalid');
  }
}

function requireOpen(state: CaseKeysState): Epoch {
  if (state.isErased) throw refusal('ERASED', 'the keys of this case were destroyed');
  const open = openEpochOf(state);
  if (open === undefined) throw refusal('NOT_OPEN', 'the case has no keys yet');
  return open;
}

function grantedAuditors(auditors: readonly Auditor[], unready: readonly string[]): readonly GrantedAuditor[] {
  return auditors.map(({ agency, audiences }) => ({ agency, audiences, isGranted: !unready.includes(agency) }));
}

function openCase(command: CaseKeysCommandOf<'OpenCase'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  if (state.isErased) throw refusal('ERASED', 'the keys of this case were destroyed');
  const { caseId, by, names, incarnation, auditors, now } = command;
  const open = openEpochOf(state);
  if (open !== undefined) {
    if (state.epochs[0]?.subject === names.subject) return [];
    throw refusal('ALREADY_OPEN', 'the case has other keys already');
  }
  requireNames(names, []);
  if (auditors.some(({ agency }) => agency === by)) throw refusal('OWN_AGENCY', 'an agency grants itself nothing');
  const { subject, keyIds } = names;
  const opened = { caseId, subject, keyIds: { ...keyIds }, incarnation };
  const auditing = grantedAuditors(auditors, command.unready);
  return [{ type: 'CaseOpenedForKeys', data: { ...opened, auditors: auditing, openedAt: now } }];
}

/** Whether a member can be sealed to under the pair that it made for the case, or has made none. */
export function isUsableMemberKey(memberKeyX: string | null): boolean {
  if (memberKeyX === null) return true;
  try {
    usablePublicKey(memberKeyX);
    return true;
  } catch {
    return false;
  }
}

/** Audiences that it has stay as they are, or are opened from the beginning; new ones begin where its history lets them. */
function openedAudiences(
  before: CircleMember | undefined,
  given: readonly GroupAudience[],
  firstEpoch: number,
): readonly OpenedAudience[] {
  return GROUP_AUDIENCES.flatMap((audience) => {
    const known = before?.audiences.find((opened) => opened.audience === audience);
    if (known === undefined && !given.includes(audience)) return [];
    const fromEpoch = given.includes(audience) ? firstEpoch : Number.POSITIVE_INFINITY;
    return [{ audience, fromEpoch: Math.min(fromEpoch, known?.fromEpoch ?? Number.POSITIVE_INFINITY) }];
  });
}

function isSameMember(one: CircleMember, other: Pick<CircleMember, 'role' | 'memberKeyX' | 'audiences'>): boolean {
  const fromOf = ({ audiences }: Pick<CircleMember, 'audiences'>): string =>
    audiences.map(({ audience, fromEpoch }) => `${audience} ${fromEpoch}`).join();
  return one.role === other.role && one.memberKeyX === other.memberKeyX && fromOf(one) === fromOf(other);
}

function admitMember(command: CaseKeysCommandOf<'AdmitMember'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  const { epoch } = requireOpen(state);
  const { caseId, by, agency, audiences: given, now } = command;
  if (agency === by) throw refusal('OWN_AGENCY', 'an agency grants itself nothing', 'invalid');
  if (given.length === 0) throw refusal('NOTHING_TO_OPEN', 'whoever may open nothing is no member', 'invalid');
  if (!isUsableMemberKey(command.memberKeyX)) {
    throw refusal('MEMBER_KEY_MALFORMED', 'no secret can be agreed with this key', 'invalid');
  }
  const before = memberOf(state, agency);
  const firstEpoch = command.history === 'FROM_OPENING' ? 1 : epoch + 1;
  const audiences = openedAudiences(before, given, firstEpoch);
  const role = before?.role === 'MEMBER' ? 'MEMBER' : command.role;
  const history = before?.history === 'FROM_OPENING' ? before.history : command.history;
  const memberKeyX = command.memberKeyX ?? before?.memberKeyX ?? null;
  if (before !== undefined && isSameMember(before, { role, memberKeyX, audiences })) return [];
  return [{ type: 'MemberAdmitted', data: { caseId, agency, role, memberKeyX, audiences, history, admittedAt: now } }];
}

function removeMember(command: CaseKeysCommandOf<'RemoveMember'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  const { caseId, agency, reason, now } = command;
  const member = memberOf(state, agency);
  if (member === undefined || state.isErased) return [];
  return [{ type: 'MemberLeft', data: { caseId, agency, role: member.role, reason, leftAt: now } }];
}

function beginEpoch(command: CaseKeysCommandOf<'BeginEpoch'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  const { epoch } = requireOpen(state);
  const { caseId, names, incarnation, because, now } = command;
  const reason = rotationDue(state, { incarnation, now }) ?? (because === 'ORDERED' ? because : null);
  if (reason === null) return [];
  requireNames(names, state.epochs);
  const { subject, keyIds } = names;
  const begun = { caseId, epoch: epoch + 1, subject, keyIds: { ...keyIds }, reason, incarnation };
  const auditors = grantedAuditors(auditorsOf(state), command.unready);
  return [{ type: 'EpochBegun', data: { ...begun, auditors, begunAt: now } }];
}

/** A third agency's keys go to whom they were meant for: an audience that the receiver has, and a past that it may know. */
function requireToHandOn(handedOn: readonly HandedOn[], to: CircleMember, by: string): void {
  if (handedOn.some(({ holder }) => holder === by || holder === to.agency)) {
    throw refusal('NOT_A_THIRD_AGENCY', 'only keys of a third agency are handed on', 'invalid');
  }
  if (handedOn.length > 0 && to.history !== 'FROM_OPENING') {
    throw refusal('HISTORY_NOT_OPENED', 'the past is not opened to this member', 'forbidden');
  }
  const known = audiencesOfMember(to);
  if (handedOn.some(({ keys }) => keys.some(({ audience }) => !known.includes(audience)))) {
    throw refusal('AUDIENCE_NOT_OPENED', 'this audience is not opened to this member', 'forbidden');
  }
}

function grantKeys(command: CaseKeysCommandOf<'GrantKeys'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  requireOpen(state);
  const { caseId, by, grantId, to, handedOn, chains, now } = command;
  const member = memberOf(state, to);
  if (member === undefined) throw refusal('NOT_A_MEMBER', 'keys go to members only', 'forbidden');
  if (state.owed !== null) throw refusal('ROTATION_OWED', 'the next epoch begins first');
  const granted = new Set(member.grantedKeyIds);
  requireToHandOn(handedOn, member, by);
  const own = keysOwedTo(state, member).slice(0, KEYS_PER_GRANT);
  let room = KEYS_PER_GRANT - own.length;
  const others = handedOn
    .map(({ holder, keys }) => {
      const given = keys.filter(({ keyId }) => !granted.has(keyId)).slice(0, room);
      room -= given.length;
      return { holder, keys: given };
    })
    .filter(({ keys }) => keys.length > 0);
  const roster = member.role === 'MEMBER' ? rosterFor(state, to) : [];
  const cases: readonly GrantedCase[] = [
    ...(own.length > 0 ? [{ caseId, holder: by, keys: own, roster, chains }] : []),
    ...others.map(({ holder, keys }) => ({ caseId, holder, keys, roster: [], chains: [] })),
  ];
  if (cases.length === 0) return [];
  const under = member.memberKeyX === null ? 'offer-key' : 'member-key';
  return [{ type: 'KeysGranted', data: { grantId, to, under, cases, grantedAt: now } }];
}

function grantOwed(command: CaseKeysCommandOf<'GrantOwed'>, state: CaseKeysState): readonly CaseKeysEvent[] {
  if (state.isErased || state.owed !== null) return [];
  const { caseId, by, now } = command;
  const inHand = new Set(command.inHand);
  return command.to.flatMap(({ agency, grantId, memberKeyX }) => {
    const member = memberOf(state, agency);
    if (member === undefined || member.memberKeyX !== memberKeyX) return [];
    if (!keysOwedTo(state, member).every(({ keyId }) => inHand.has(keyId))) return [];
    const grant = { caseId, by, grantId, to: agency, handedOn: [], chains: [], now };
    return grantKeys({ type: 'GrantKeys', ...grant }, state);
  });
}

/**
 * Decides steps one after the other, each on what those before it left.
 *
 * @returns what happened, and the state after it
 * @throws DomainError with a code of README.md
 */
export function decideSteps(
  steps: readonly CircleStep[],
  before: CaseKeysState,
): { readonly events: readonly CaseKeysEvent[]; readonly state: CaseKeysState } {
  const events: CaseKeysEvent[] = [];
  let state = before;
  for (const step of steps) {
    const happened = decideCaseKeys(step, state);
    events.push(...happened);
    state = happened.reduce(evolveCaseKeys, state);
  }
  return { events, state };
}

function postponeGrant(
  { caseId, to, until }: CaseKeysCommandOf<'PostponeGrant'>,
  state: CaseKeysState,
): readonly CaseKeysEvent[] {
  const member = memberOf(state, to);
  if (member === undefined || state.isErased || keysOwedTo(state, member).length === 0) return [];
  return [{ type: 'GrantPostponed', data: { caseId, agency: to, until } }];
}

/** Decides a command on the keys of a case. @throws DomainError with a code of README.md */
export function decideCaseKeys(command: CaseKeysCommand, state: CaseKeysState): readonly CaseKeysEvent[] {
  switch (command.type) {
    case 'OpenCase':
      return openCase(command, state);
    case 'AdmitMember':
      return admitMember(command, state);
    case 'RemoveMember':
      return removeMember(command, state);
    case 'BeginEpoch':
      return beginEpoch(command, state);
    case 'GrantKeys':
      return grantKeys(command, state);
    case 'GrantOwed':
      return grantOwed(command, state);
    case 'PostponeGrant':
      return postponeGrant(command, state);
    case 'NoteErased':
      return state.isErased
        ? []
        : [{ type: 'CaseKeysErased', data: { caseId: command.caseId, erasedAt: command.now } }];
    case 'MoveCircle':
      return decideSteps(command.steps, state).events;
  }
}
