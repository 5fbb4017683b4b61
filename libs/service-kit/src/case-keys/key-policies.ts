import type { KeysGrantedV1Data, MemberAnnouncedV1Data, MemberRemovedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { LeavingReason } from '@acogida/reference';
import type { KeyStore } from '@acogida/sealing';
import type { AuditLog } from '../audit/audit-log.ts';
import type { NodeContext } from '../node-definition.ts';
import type { Admission, CaseCircles } from './case-circles.ts';
import type { IntroductionBook } from './introductions.ts';
import type { RosterEntry } from './case-keys-events.ts';
import { isUsableMemberKey } from './decide-case-keys.ts';
import { type KeyTurn, policyTurn } from './key-turn.ts';
import { type GrantReceipt, readGrant, unlockedBy, type UnlockedSubject } from './read-grant.ts';
import { dataOf } from '../received-data.ts';

/** Wants events under these pseudonyms read again once this is committed: their keys have come. */
export type WantUnlock = (transaction: Transaction, unlocked: readonly UnlockedSubject[]) => Promise<void>;

/** An agency that another one has in its circle, and so may be let into this agency's circle of the same case. */
export interface Introduction extends RosterEntry {
  readonly caseId: string;
  /** Agency that says so. */
  readonly introducedBy: string;
}

/** Decides whether this agency lets somebody in: by consent, the directory and `audiencesOf`. Null: it does not. */
export type JudgeIntroduction = (introduction: Introduction, turn: KeyTurn) => Promise<Admission | null>;

/** Whether an agency's word on who reads a case along counts here. */
export type HasSay = (turn: KeyTurn, caseId: string, agency: string) => Promise<boolean>;

/** What reactions to keys are made with. */
export interface KeyPolicyOptions {
  readonly store: Pick<KeyStore, 'insert'>;
  readonly wantUnlock: WantUnlock;
  readonly circles: Pick<CaseCircles, 'admit' | 'remove' | 'standing' | 'members'>;
  readonly judge: JudgeIntroduction;
  readonly hasSay: HasSay;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Remembers who is in others' circles; left out where no consent ever comes later. */
  readonly introductions?: Pick<IntroductionBook, 'note' | 'forget'>;
}

/** Ends everywhere what ends at one agency; the end of a service concerns only those two, and an error whoever made it. */
const ENDS_EVERYWHERE: Readonly<Record<LeavingReason, boolean>> = {
  SERVICE_ENDED: false,
  ADMITTED_IN_ERROR: false,
  CONSENT_WITHDRAWN: true,
  // Of these every node hears from the directory and the roots, and acts by itself (`AgencyStandings`): this word may be older.
  AGENCY_SUSPENDED: false,
  AGENCY_CLOSED: false,
  KEY_REVOKED: false,
};

function caseOf(event: ReceivedEvent): string {
  const { caseId } = event.payload;
  if (caseId === null) throw new DomainError('KEYS.CASE_MISSING', 'invalid', 'a member is one of a case');
  return caseId;
}

/**
 * Keeps what was granted and wants what it opens, in one transaction. Of a case that was erased here nothing comes back.
 *
 * @param grant who granted it, and the case of the event that brought it
 * @throws DomainError as `readGrant`
 */
export async function holdGrantedKeys(
  data: KeysGrantedV1Data,
  grant: Pick<GrantReceipt, 'grantedBy' | 'caseId'>,
  turn: KeyTurn,
  { store, wantUnlock, circles }: Pick<KeyPolicyOptions, 'store' | 'wantUnlock' | 'circles'>,
): Promise<void> {
  const granted = readGrant(data, { ...grant, receiver: turn.node.agencyId, receivedAt: turn.now });
  const erased = new Set<string>();
  for (const caseId of new Set(granted.map((key) => key.caseId))) {
    if ((await circles.standing(turn, caseId)) === 'ERASED') erased.add(caseId);
  }
  const kept = granted.filter(({ caseId }) => !erased.has(caseId));
  if (kept.length === 0) return;
  await store.insert(turn.transaction, kept);
  await wantUnlock(turn.transaction, unlockedBy(kept));
}

/** A word on somebody's circle, as it is judged and audited. */
interface CircleWord {
  readonly policy: string;
  readonly type: 'MemberAnnounced' | 'MemberRemoved' | 'KeysGranted';
  readonly caseId: string;
  readonly by: string;
  readonly agency: string;
}

/**
 * Whether the word counts. One that does not changes nothing and is put on record; its event is settled all the same: whoever makes
 * one up must not be able to hold a case back, or a departure.
 */
async function counts(word: CircleWord, turn: KeyTurn, { hasSay, audit }: KeyPolicyOptions): Promise<boolean> {
  const { policy, type, caseId, by, agency } = word;
  if (await hasSay(turn, caseId, by)) return true;
  const { node, now, transaction } = turn;
  await audit.record(transaction, {
    ...{ at: now, actor: `${node.agencyId}.${policy}`, kind: 'CIRCLE_WORD_REFUSED', caseId, consentId: null },
    details: [`type:${type}`, `by:${by}`, `agency:${agency}`],
  });
  return false;
}

async function isPresent({ circles }: KeyPolicyOptions, turn: KeyTurn, caseId: string, agency: string) {
  return (await circles.members(turn, caseId)).some((member) => member.agency === agency);
}

async function introduce(
  options: KeyPolicyOptions,
  turn: KeyTurn,
  introductions: readonly Introduction[],
  said: Pick<CircleWord, 'policy' | 'type'>,
): Promise<void> {
  for (const introduction of introductions) {
    const { agency, caseId, introducedBy: by } = introduction;
    // Nobody can be let in under such a key: remembered, it would be refused with each consent that names the agency later.
    if (agency === turn.node.agencyId || !isUsableMemberKey(introduction.memberKeyX)) continue;
    const standing = await options.circles.standing(turn, caseId);
    if (standing !== 'ERASED') await options.introductions?.note(turn.transaction, [introduction]);
    if (standing !== 'OPEN') continue; // before it has keys of its own, it has nothing to give
    const admission = await options.judge(introduction, turn);
    if (admission === null || !(await counts({ ...said, caseId, by, agency }, turn, options))) continue;
    await options.circles.admit(turn, caseId, admission);
  }
}

/**
 * Keeps the keys, and lets those of the circle that consent allows read what this agency seals.
 *
 * @throws DomainError (the event is quarantined) as `readGrant`
 */
export function whenKeysGrantedThenHoldThem(context: NodeContext, options: KeyPolicyOptions): Policy {
  const name = 'when-keys-granted-then-hold-them';
  return {
    name,
    on: 'KeysGranted',
    async react(event, transaction) {
      const data = dataOf<KeysGrantedV1Data>(event);
      const turn = policyTurn(context, name, event, transaction);
      const { source: grantedBy, payload } = event;
      await holdGrantedKeys(data, { grantedBy, caseId: payload.caseId }, turn, options);
      const introductions = data.cases.flatMap(({ caseId, roster }) =>
        roster.map((entry) => ({ ...entry, caseId, introducedBy: grantedBy })),
      );
      await introduce(options, turn, introductions, { policy: name, type: 'KeysGranted' });
    },
  };
}

/** Lets a member that an agency with a say in the case announces read along, as far as consent goes. */
export function whenMemberAnnouncedThenAdmitIt(context: NodeContext, options: KeyPolicyOptions): Policy {
  const name = 'when-member-announced-then-admit-it';
  return {
    name,
    on: 'MemberAnnounced',
    async react(event, transaction) {
      const { agency, memberKeyX, audiences } = dataOf<MemberAnnouncedV1Data>(event);
      const entry = { agency, memberKeyX, audiences, caseId: caseOf(event), introducedBy: event.source };
      const said = { policy: name, type: 'MemberAnnounced' } as const;
      await introduce(options, policyTurn(context, name, event, transaction), [entry], said);
    },
  };
}

/**
 * Shuts out whoever an agency with a say in the case shuts out for a reason that holds everywhere, before anything else is
 * appended.
 */
export function whenMemberRemovedThenRemoveIt(context: NodeContext, options: KeyPolicyOptions): Policy {
  const name = 'when-member-removed-then-remove-it';
  return {
    name,
    on: 'MemberRemoved',
    async react(event, transaction) {
      const { agency, reason } = dataOf<MemberRemovedV1Data>(event);
      const turn = policyTurn(context, name, event, transaction);
      const caseId = caseOf(event);
      await options.introductions?.forget(transaction, { caseId, agency, introducedBy: event.source });
      if (!ENDS_EVERYWHERE[reason]) return;
      if (!(await isPresent(options, turn, caseId, agency))) return;
      const word = { policy: name, type: 'MemberRemoved', caseId, by: event.source, agency } as const;
      if (await counts(word, turn, options)) await options.circles.remove(turn, caseId, agency, reason);
    },
  };
}
