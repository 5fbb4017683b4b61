import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KeysGrantedV1Data } from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import { LEAVING_REASONS, type LeavingReason } from '@acogida/reference';
import { makeCaseKeySet, MemoryKeyRows, type NewSecret, systemRandomness } from '@acogida/sealing';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Admission, CaseStanding } from './case-circles.ts';
import type { CircleMember } from './case-keys.ts';
import {
  type Introduction,
  type KeyPolicyOptions,
  whenKeysGrantedThenHoldThem,
  whenMemberAnnouncedThenAdmitIt,
  whenMemberRemovedThenRemoveIt,
} from './key-policies.ts';
import { AT, CASE, COMAR, CONATT, GRANT, LATER, OMBUDSMAN, OWN, X } from './testing/case-keys-examples.ts';
import { KeyNode } from './testing/key-node.ts';

const SET = makeCaseKeySet(CASE, 3, systemRandomness);
const ADMISSION: Admission = {
  ...{ agency: COMAR, role: 'MEMBER', memberKeyX: X, audiences: ['coded'], history: 'CURRENT' },
};
const ROSTER = [
  { agency: OWN, memberKeyX: null, audiences: ['coded'] as const },
  { agency: COMAR, memberKeyX: X, audiences: ['coded', 'care'] as const },
];

function grantOf(holder = CONATT): KeysGrantedV1Data {
  const { care } = SET.keys;
  const key = { subject: SET.subject, audience: 'care' as const, epoch: 3, keyId: care.keyId, key: care.handOver() };
  return { grantId: GRANT, cases: [{ caseId: CASE, holder, keys: [key], roster: ROSTER, chains: [] }] };
}

function received(type: string, data: object, caseId: string | null = CASE): ReceivedEvent {
  return {
    ...{ id: '16fd2706-8baf-433b-82eb-8c7fada847da', source: CONATT, class: 'key', subject: 'subject', number: 7 },
    ...{ time: AT, clockAhead: false },
    payload: {
      ...{ type, schemaVersion: 1, caseId, data: data as JsonObject, occurredAt: AT, recordedAt: AT, version: 1 },
      ...{ stream: 'spec', publishedHead: '', privateHead: '', clock: '1795338000000-000000' },
      ...{ correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', causation: null },
    },
  };
}

describe('hearing of keys', () => {
  let node: KeyNode;
  let done: (readonly [string, ...unknown[]])[];
  let standing: CaseStanding;
  let judged: Introduction[];
  let answer: Admission | null;
  let isParty: boolean;
  let audited: AuditEntry[];
  let remembered: unknown[];

  beforeEach(async () => {
    node = await KeyNode.open(OWN, new MemoryKeyRows());
    node.now = LATER;
    [done, judged, standing, answer] = [[], [], 'OPEN', ADMISSION];
    [isParty, audited, remembered] = [true, [], []];
  });

  const options = (): KeyPolicyOptions => ({
    store: { insert: async (_, secrets: readonly NewSecret[]) => void done.push(['insert', ...secrets]) },
    wantUnlock: async (_, unlocked) => void done.push(['unlock', ...unlocked]),
    circles: {
      admit: async (turn, caseId, admission) => void done.push(['admit', turn.now, caseId, admission]),
      standing: async () => standing,
      members: async () => [{ agency: OMBUDSMAN } as CircleMember],
      remove: async (turn, caseId, agency, reason) => void done.push(['remove', turn.now, caseId, agency, reason]),
    },
    judge: async (introduction) => {
      judged.push(introduction);
      return answer;
    },
    hasSay: async (_, caseId, agency) => isParty && caseId === CASE && agency === CONATT,
    introductions: {
      note: async (_, introductions) => void remembered.push(...introductions),
      forget: async (_, gone) => void remembered.push(['forget', gone]),
    },
    audit: { record: async (_, ...entries) => void audited.push(...entries) },
  });

  const hear = (
    policy: (context: KeyNode['context'], options: KeyPolicyOptions) => Policy,
    event: ReceivedEvent,
  ): Promise<void> =>
    node.rows.inTransaction((transaction) => policy(node.context, options()).react(event, transaction));

  const introduction = {
    caseId: CASE,
    introducedBy: CONATT,
    agency: COMAR,
    memberKeyX: X,
    audiences: ['coded', 'care'],
  };

  it('keeps them, wants what they open, and lets in whom consent allows', async () => {
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
    const place = { source: CONATT, subject: SET.subject, caseId: CASE, audience: 'care', epoch: 3 };
    expect(done).toEqual([
      ['insert', { kind: 'case', ...place, key: expect.anything(), grantedBy: CONATT, receivedAt: LATER }],
      ['unlock', { source: CONATT, subject: SET.subject }],
      ['admit', LATER, CASE, ADMISSION],
    ]);
    expect(judged).toEqual([introduction]);
  });

  it('lets nobody in whom consent does not allow, nor before there is anything to give', async () => {
    answer = null;
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
    expect(done.map(([what]) => what)).toEqual(['insert', 'unlock']);
    standing = 'NONE';
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
    expect(judged).toHaveLength(1);
  });

  it('takes nothing of a grant of keys that are said to be its own', async () => {
    answer = null;
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf(OWN)));
    expect(done).toEqual([]);
  });

  it('refuses a grant that is about another case, or whose key does not fit, before anything is kept', async () => {
    const elsewhere = received('KeysGranted', grantOf(), GRANT);
    await expect(hear(whenKeysGrantedThenHoldThem, elsewhere)).rejects.toMatchObject({ code: 'KEYS.OTHER_CASE' });
    const [entry] = grantOf().cases;
    const keys = [{ ...entry!.keys[0]!, keyId: SET.keys.coded.keyId }];
    const forged = received('KeysGranted', { grantId: GRANT, cases: [{ ...entry!, keys }] });
    await expect(hear(whenKeysGrantedThenHoldThem, forged)).rejects.toMatchObject({ code: 'KEYS.COMMITMENT' });
    expect(done).toEqual([]);
  });

  it('takes a grant of several cases', async () => {
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf(), null));
    expect(done.map(([what]) => what)).toEqual(['insert', 'unlock', 'admit']);
  });

  it('of a member that another agency announces, lets it in as far as consent goes', async () => {
    const announced = { agency: COMAR, memberKeyX: X, audiences: ['coded', 'care'], history: 'CURRENT', joinedAt: AT };
    await hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', announced));
    expect(judged).toEqual([introduction]);
    expect(done).toEqual([['admit', LATER, CASE, ADMISSION]]);
    await hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', { ...announced, agency: OWN }));
    expect(judged).toHaveLength(1);
    const homeless = hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', announced, null));
    await expect(homeless).rejects.toMatchObject({ code: 'KEYS.CASE_MISSING' });
  });

  const everywhere: Readonly<Record<LeavingReason, boolean>> = {
    ...{ SERVICE_ENDED: false, ADMITTED_IN_ERROR: false },
    ...{ CONSENT_WITHDRAWN: true, AGENCY_SUSPENDED: false, AGENCY_CLOSED: false, KEY_REVOKED: false },
  };

  it.each(LEAVING_REASONS)('of a member that another agency shuts out for %s', async (reason) => {
    const removed = { agency: OMBUDSMAN, reason, leftAt: AT };
    await hear(whenMemberRemovedThenRemoveIt, received('MemberRemoved', removed));
    expect(done).toEqual(everywhere[reason] ? [['remove', LATER, CASE, OMBUDSMAN, reason]] : []);
    expect(audited).toEqual([]);
  });

  it('of one that is not in its circle, does nothing', async () => {
    isParty = false;
    await hear(
      whenMemberRemovedThenRemoveIt,
      received('MemberRemoved', { agency: COMAR, reason: 'CONSENT_WITHDRAWN', leftAt: AT }),
    );
    expect([done, audited]).toEqual([[], []]);
  });

  it('remembers who is in the circles of others, for a consent that comes later, but nothing of an erased case', async () => {
    [answer, standing] = [null, 'NONE'];
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
    expect(remembered).toEqual([introduction]);
    const removed = { agency: COMAR, reason: 'SERVICE_ENDED', leftAt: AT };
    await hear(whenMemberRemovedThenRemoveIt, received('MemberRemoved', removed));
    expect(remembered[1]).toEqual(['forget', { caseId: CASE, agency: COMAR, introducedBy: CONATT }]);
    [standing, remembered] = ['ERASED', []];
    await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
    expect(remembered).toEqual([]);
  });

  it('forgets at once whom no secret can be agreed with: no consent that names it later is refused for that', async () => {
    const lowOrder = 'A'.repeat(43);
    const announced = { agency: COMAR, memberKeyX: lowOrder, audiences: ['coded'], history: 'CURRENT', joinedAt: AT };
    await hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', announced));
    expect([done, remembered]).toEqual([[], []]);
  });

  describe('by an agency that has no say in the case', () => {
    const refused = (policy: string, type: string, agency: string): AuditEntry => ({
      ...{ at: LATER, actor: `${OWN}.${policy}`, kind: 'CIRCLE_WORD_REFUSED', caseId: CASE, consentId: null },
      details: [`type:${type}`, `by:${CONATT}`, `agency:${agency}`],
    });

    beforeEach(() => {
      isParty = false;
    });

    it('INV-17: shuts nobody out, and puts it on record', async () => {
      const removed = { agency: OMBUDSMAN, reason: 'CONSENT_WITHDRAWN', leftAt: AT };
      await hear(whenMemberRemovedThenRemoveIt, received('MemberRemoved', removed));
      expect(done).toEqual([]);
      expect(audited).toEqual([refused('when-member-removed-then-remove-it', 'MemberRemoved', OMBUDSMAN)]);
    });

    it('INV-17: lets nobody in, and puts it on record where consent would have', async () => {
      const announced = { agency: COMAR, memberKeyX: X, audiences: ['coded'], history: 'CURRENT', joinedAt: AT };
      await hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', announced));
      expect(done).toEqual([]);
      expect(audited).toEqual([refused('when-member-announced-then-admit-it', 'MemberAnnounced', COMAR)]);
      [audited, answer] = [[], null];
      await hear(whenMemberAnnouncedThenAdmitIt, received('MemberAnnounced', announced));
      expect([done, audited]).toEqual([[], []]);
    });

    it('keeps the keys of a grant all the same, which open only its own', async () => {
      await hear(whenKeysGrantedThenHoldThem, received('KeysGranted', grantOf()));
      expect(done.map(([what]) => what)).toEqual(['insert', 'unlock']);
      expect(audited).toEqual([refused('when-keys-granted-then-hold-them', 'KeysGranted', COMAR)]);
    });
  });
});
