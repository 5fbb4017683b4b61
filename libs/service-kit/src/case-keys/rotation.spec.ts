import { describe, expect, it } from '@jest/globals';
import { fold, instantAfter } from '@acogida/core';
import type { CaseKeysEvent } from './case-keys-events.ts';
import { caseKeysDecider } from './procedures.ts';
import { caseKeysDeadlines, LONGEST_EPOCH_MS, membersOwedKeys, rotationDue } from './rotation.ts';
import {
  admitted,
  AT,
  begun,
  CASE,
  COMAR,
  CONATT,
  granted,
  keysOf,
  LATER,
  left,
  OPENED,
} from './testing/case-keys-examples.ts';

const stateOf = (...events: CaseKeysEvent[]) => fold(caseKeysDecider, events);
const NOW = { incarnation: 1, now: LATER };
const AGED = instantAfter(AT, LONGEST_EPOCH_MS);
const putOff = (agency: string, until: string): CaseKeysEvent => {
  return { type: 'GrantPostponed', data: { caseId: CASE, agency, until } };
};
const ERASED: CaseKeysEvent = { type: 'CaseKeysErased', data: { caseId: CASE, erasedAt: LATER } };

describe('an epoch has to end', () => {
  it.each([
    ['when a member left', [OPENED, admitted(CONATT, 1), left(CONATT)], NOW, 'MEMBER_LEFT'],
    ['when one was admitted without the past', [OPENED, admitted(CONATT, 2)], NOW, 'MEMBER_ADMITTED'],
    [
      'when a member left since another was admitted',
      [OPENED, admitted(CONATT, 2), admitted(COMAR, 1), left(COMAR)],
      NOW,
      'MEMBER_LEFT',
    ],
    [
      'when a member left, and another came',
      [OPENED, admitted(COMAR, 1), left(COMAR), admitted(CONATT, 2)],
      NOW,
      'MEMBER_LEFT',
    ],
    ['in a new incarnation of the node', [OPENED], { ...NOW, incarnation: 2 }, 'NEW_INCARNATION'],
    ['after 180 days', [OPENED], { ...NOW, now: AGED }, 'AGE'],
  ])('%s', (_, events, question, reason) => {
    expect(rotationDue(stateOf(...events), question)).toBe(reason);
  });

  it.each([
    ['while nobody left', [OPENED, admitted(CONATT, 1)], NOW],
    ['a moment before 180 days', [OPENED], { ...NOW, now: instantAfter(AGED, -1) }],
    ['once the next one has begun', [OPENED, admitted(CONATT, 1), left(CONATT), begun(2)], NOW],
    ['in the incarnation that began it', [OPENED, begun(2, { incarnation: 2 })], { ...NOW, incarnation: 2 }],
    ['where none is open', [], { incarnation: 2, now: AGED }],
    ['once the keys were erased', [OPENED, admitted(CONATT, 1), left(CONATT), ERASED], { incarnation: 2, now: AGED }],
  ])('not %s', (_, events, question) => {
    expect(rotationDue(stateOf(...events), question)).toBeNull();
  });
});

describe('what keys wait for', () => {
  it.each<readonly [string, readonly CaseKeysEvent[], readonly { kind: string; dueAt: string }[]]>([
    ['nothing before they are opened', [], []],
    ['the age of the epoch', [OPENED], [{ kind: 'ROTATE', dueAt: AGED }]],
    [
      'the next epoch at once, and no grant before',
      [OPENED, admitted(CONATT, 1), left(CONATT)],
      [{ kind: 'ROTATE', dueAt: LATER }],
    ],
    [
      'a grant to whoever was admitted',
      [OPENED, admitted(CONATT, 1)],
      [
        { kind: 'ROTATE', dueAt: AGED },
        { kind: 'GRANT', dueAt: LATER },
      ],
    ],
    [
      'a grant that was put off',
      [OPENED, admitted(CONATT, 1), putOff(CONATT, '2026-12-02T00:00:00.000Z')],
      [
        { kind: 'ROTATE', dueAt: AGED },
        { kind: 'GRANT', dueAt: '2026-12-02T00:00:00.000Z' },
      ],
    ],
    [
      'the first of the grants that are owed',
      [OPENED, admitted(CONATT, 1), putOff(CONATT, '2026-12-02T00:00:00.000Z'), admitted(COMAR, 1)],
      [
        { kind: 'ROTATE', dueAt: AGED },
        { kind: 'GRANT', dueAt: LATER },
      ],
    ],
    [
      'no grant to whoever has everything',
      [OPENED, admitted(CONATT, 1), granted(CONATT, keysOf(1))],
      [{ kind: 'ROTATE', dueAt: AGED }],
    ],
    ['nothing once they are erased', [OPENED, admitted(CONATT, 1), ERASED], []],
  ])('%s', (_, events, deadlines) => {
    expect(caseKeysDeadlines(stateOf(...events))).toEqual(deadlines);
  });

  it('names whom keys are owed to', () => {
    const events = [OPENED, admitted(COMAR, 1), admitted(CONATT, 1), granted(COMAR, keysOf(1))];
    expect(membersOwedKeys(stateOf(...events))).toEqual([CONATT]);
    expect(membersOwedKeys(stateOf(...events, begun(2)))).toEqual([COMAR, CONATT]);
  });
});
