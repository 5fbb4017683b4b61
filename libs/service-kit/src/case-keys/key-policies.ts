import type { KeysGrantedV1Data, MemberAnnouncedV1Data, MemberRemovedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { LeavingReason } from '@acogida/reference';
import type { KeyStore } from '@acogida/sealing';
import type { NodeContext } from '../node-definition.ts';
import type { Admission, CaseCircles } from './case-circles.ts';
import type { RosterEntry } from './case-keys-events.ts';
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

/** What reactions to keys are made with. */
export interface KeyPolicyOptions {
  readonly store: Pick<KeyStore, 'insert'>;
  readonly wantUnlock: WantUnlock;
  readonly circles: Pick<CaseCircles, 'admit' | 'remove' | 'standing'>;
  readonly judge: JudgeIntroduction;
}

/** Ends everywhere what ends at one agency; the end of a service concerns only those two, and an error whoever made it. */
const ENDS_EVERYWHERE: Readonly<Record<LeavingReason, boolean>> = {
  SERVICE_ENDED: false,
  ADMITTED_IN_ERROR: false,
  CONSENT_WITHDRAWN: true,
  AGENCY_SUSPENDED: true,
  AGENCY_CLOSED: true,
  KEY_REVOKED: true,
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

async function introduce(
  options: KeyPolicyOptions,
  turn: KeyTurn,
  introductions: readonly Introduction[],
): Promise<void> {
  for (const introduction of introductions) {
    const { agency, caseId } = introduction;
    // Before it has keys of its own, it has nothing to give.
    if (agency === turn.node.agencyId || (await options.circles.standing(turn, caseId)) !== 'OPEN') continue;
    const admission = await options.judge(introduction, turn);
    if (admission !== null) await options.circles.admit(turn, caseId, admission);
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
      await introduce(options, turn, introductions);
    },
  };
}

/** Lets a member that another agency announces read along, as far as consent goes. */
export function whenMemberAnnouncedThenAdmitIt(context: NodeContext, options: KeyPolicyOptions): Policy {
  const name = 'when-member-announced-then-admit-it';
  return {
    name,
    on: 'MemberAnnounced',
    async react(event, transaction) {
      const { agency, memberKeyX, audiences } = dataOf<MemberAnnouncedV1Data>(event);
      const entry = { agency, memberKeyX, audiences, caseId: caseOf(event), introducedBy: event.source };
      await introduce(options, policyTurn(context, name, event, transaction), [entry]);
    },
  };
}

/** Shuts out whoever another agency shuts out for a reason that holds everywhere, before anything else is appended. */
export function whenMemberRemovedThenRemoveIt(context: NodeContext, options: KeyPolicyOptions): Policy {
  const name = 'when-member-removed-then-remove-it';
  return {
    name,
    on: 'MemberRemoved',
    async react(event, transaction) {
      const { agency, reason } = dataOf<MemberRemovedV1Data>(event);
      if (!ENDS_EVERYWHERE[reason]) return;
      await options.circles.remove(policyTurn(context, name, event, transaction), caseOf(event), agency, reason);
    },
  };
}
