import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { CaseKeysCommand, CircleStep } from './case-keys-commands.ts';
import { memberOf } from './case-keys.ts';
import { KEYS_PER_GRANT } from './decide-case-keys.ts';
import { caseKeysDecider } from './procedures.ts';
import {
  admit,
  admitted,
  AT,
  begin,
  begun,
  CASE,
  COMAR,
  CONATT,
  grant,
  GRANT,
  granted,
  keysOf,
  LATER,
  left,
  namesOf,
  OMBUDSMAN,
  OPENED,
  OTHER_X,
  OWN,
  X,
} from './testing/case-keys-examples.ts';

const keys = decides(caseKeysDecider);
const OPEN: CaseKeysCommand = {
  ...{ type: 'OpenCase', caseId: CASE, by: OWN, names: namesOf(1), incarnation: 1, auditors: [], unready: [], now: AT },
};
const ERASED = { type: 'CaseKeysErased', data: { caseId: CASE, erasedAt: LATER } } as const;
const WATCHED = { agency: OMBUDSMAN, audiences: ['coded'] } as const;

describe('opening a case', () => {
  it('names the keys of the first epoch, and the auditors that are granted it', () => {
    const auditors = [WATCHED, { agency: 'iachr', audiences: ['coded'] } as const];
    keys
      .given()
      .when({ ...OPEN, auditors, unready: ['iachr'] })
      .then({
        type: 'CaseOpenedForKeys',
        data: {
          ...{ caseId: CASE, ...namesOf(1), incarnation: 1, openedAt: AT },
          auditors: [
            { ...WATCHED, isGranted: true },
            { agency: 'iachr', audiences: ['coded'], isGranted: false },
          ],
        },
      });
  });

  it('does nothing the second time, and refuses other keys', () => {
    keys.given(OPENED).when(OPEN).thenNothing();
    keys.given(OPENED, begun(2)).when(OPEN).thenNothing();
    keys
      .given(OPENED)
      .when({ ...OPEN, names: namesOf(2) })
      .thenRefused('KEYS.ALREADY_OPEN');
  });

  it('grants nothing to itself', () => {
    keys
      .given()
      .when({ ...OPEN, auditors: [{ ...WATCHED, agency: OWN }] })
      .thenRefused('KEYS.OWN_AGENCY');
  });

  it.each([
    ['a short subject', { ...namesOf(1), subject: 'ab' }, 'KEYS.NAMES_MALFORMED'],
    ['a short key id', { ...namesOf(1), keyIds: { ...namesOf(1).keyIds, own: 'k' } }, 'KEYS.NAMES_MALFORMED'],
    [
      'one key for two audiences',
      { ...namesOf(1), keyIds: { ...namesOf(1).keyIds, own: namesOf(1).keyIds.care } },
      'KEYS.NAMES_USED',
    ],
  ])('refuses %s', (_, names, code) => {
    keys
      .given()
      .when({ ...OPEN, names })
      .thenRefused(code);
  });
});

describe('admitting a member', () => {
  it('with the past opens every epoch', () => {
    keys.given(OPENED, begun(2)).when(admit(CONATT)).then(admitted(CONATT, 1));
  });

  it('without it opens what begins after its admission, and that begins next', () => {
    keys
      .given(OPENED)
      .when(admit(CONATT, { history: 'CURRENT' }))
      .then(admitted(CONATT, 2));
    keys
      .given(OPENED, admitted(CONATT, 2))
      .when(begin(2, { incarnation: 1 }))
      .then(begun(2, { reason: 'MEMBER_ADMITTED' }));
  });

  it('does nothing for one that is there as it is asked', () => {
    keys.given(OPENED, admitted(CONATT, 1)).when(admit(CONATT)).thenNothing();
    keys
      .given(OPENED, admitted(CONATT, 1))
      .when(admit(CONATT, { history: 'CURRENT' }))
      .thenNothing();
    keys
      .given(OPENED, admitted(CONATT, 1))
      .when(admit(CONATT, { memberKeyX: null, audiences: ['coded'] }))
      .thenNothing();
  });

  it('takes nothing back from one that is there: more is opened, from where its new consent lets it', () => {
    const audiences = ['coded', 'restricted'] as const;
    keys
      .given(OPENED, admitted(CONATT, 1))
      .when(admit(CONATT, { audiences, history: 'CURRENT', memberKeyX: OTHER_X, role: 'AUDITOR' }))
      .then(
        admitted(CONATT, 1, {
          memberKeyX: OTHER_X,
          audiences: [
            { audience: 'coded', fromEpoch: 1 },
            { audience: 'care', fromEpoch: 1 },
            { audience: 'restricted', fromEpoch: 2 },
          ],
        }),
      );
  });

  it('admits one again that had left, as if it had never been there', () => {
    const history = [OPENED, admitted(CONATT, 1), granted(CONATT, keysOf(1)), left(CONATT), begun(2)];
    keys
      .given(...history)
      .when(admit(CONATT, { history: 'CURRENT' }))
      .then(admitted(CONATT, 3));
    expect(memberOf(fold(caseKeysDecider, [...history, admitted(CONATT, 3)]), CONATT)?.grantedKeyIds).toEqual([]);
  });

  it.each([
    ['itself', admit(OWN), 'KEYS.OWN_AGENCY'],
    ['one that may open nothing', admit(CONATT, { audiences: [] }), 'KEYS.NOTHING_TO_OPEN'],
    ['one with a key that is none', admit(CONATT, { memberKeyX: 'x' }), 'KEYS.MEMBER_KEY_MALFORMED'],
    [
      'one with a key that gives everybody the same secret',
      admit(CONATT, { memberKeyX: 'A'.repeat(43) }),
      'KEYS.MEMBER_KEY_MALFORMED',
    ],
  ])('refuses %s', (_, command, code) => {
    keys.given(OPENED).when(command).thenRefused(code);
  });
});

describe('removing a member', () => {
  const remove = (agency: string): CaseKeysCommand => {
    return { type: 'RemoveMember', caseId: CASE, agency, reason: 'CONSENT_WITHDRAWN', now: LATER };
  };

  it('says who left and why', () => {
    keys.given(OPENED, admitted(CONATT, 1)).when(remove(CONATT)).then(left(CONATT));
  });

  it('does nothing for whoever is no member, or none any more', () => {
    keys.given(OPENED).when(remove(CONATT)).thenNothing();
    keys.given(OPENED, admitted(CONATT, 1), left(CONATT)).when(remove(CONATT)).thenNothing();
    keys.given(OPENED, admitted(CONATT, 1), ERASED).when(remove(CONATT)).thenNothing();
  });
});

describe('beginning an epoch', () => {
  it('names new keys and who is granted them at once', () => {
    const opened = { ...OPENED, data: { ...OPENED.data, auditors: [{ ...WATCHED, isGranted: true }] } };
    const watching = admitted('iachr', 1, { role: 'AUDITOR', audiences: [{ audience: 'coded', fromEpoch: 1 }] });
    keys
      .given(opened, watching, admitted(CONATT, 1), left(CONATT))
      .when(begin(2, { unready: ['iachr'], incarnation: 3 }))
      .then(
        begun(2, {
          reason: 'MEMBER_LEFT',
          incarnation: 3,
          auditors: [
            { ...WATCHED, isGranted: true },
            { agency: 'iachr', audiences: ['coded'], isGranted: false },
          ],
        }),
      );
  });

  it('does nothing while none has to, unless it is ordered', () => {
    keys.given(OPENED).when(begin(2)).thenNothing();
    keys.given(OPENED, admitted(CONATT, 1)).when(begin(2)).thenNothing();
    keys
      .given(OPENED)
      .when(begin(2, { because: 'ORDERED' }))
      .then(begun(2, { reason: 'ORDERED' }));
  });

  it('refuses names of an earlier epoch', () => {
    const names = { ...namesOf(2), keyIds: { ...namesOf(2).keyIds, own: namesOf(1).keyIds.own } };
    keys
      .given(OPENED, left(CONATT))
      .when(begin(2, { because: 'ORDERED', names }))
      .thenRefused('KEYS.NAMES_USED');
    const subject = { ...namesOf(2), subject: namesOf(1).subject };
    keys
      .given(OPENED)
      .when(begin(2, { because: 'ORDERED', names: subject }))
      .thenRefused('KEYS.NAMES_USED');
  });
});

describe('granting keys', () => {
  const GIVEN = [OPENED, admitted(CONATT, 1), begun(2)];

  it('names every key that is owed, the others of the circle, and where chains begin', () => {
    const chains = [{ chain: 'referral-1', version: 2, head: 'ab'.repeat(32) }];
    keys
      .given(...GIVEN, admitted(COMAR, 1, { memberKeyX: null }))
      .when(grant(CONATT, { chains }))
      .then(
        granted(CONATT, [], {
          cases: [
            {
              ...{ caseId: CASE, holder: OWN, keys: [...keysOf(1), ...keysOf(2)], chains },
              roster: [{ agency: COMAR, memberKeyX: null, audiences: ['coded', 'care'] }],
            },
          ],
        }),
      );
  });

  it('INV-17: says nothing of who else is there to a member that is given what is coded alone', () => {
    const audiences = [{ audience: 'coded', fromEpoch: 1 }] as const;
    keys
      .given(OPENED, admitted(COMAR, 1), admitted(CONATT, 1, { audiences }))
      .when(grant(CONATT))
      .then(granted(CONATT, keysOf(1, ['coded'])));
  });

  it('goes to the offer key of whoever has told no key of its own yet', () => {
    keys
      .given(OPENED, admitted(CONATT, 1, { memberKeyX: null }))
      .when(grant(CONATT))
      .then(granted(CONATT, keysOf(1), { under: 'offer-key' }));
  });

  it('tells an auditor nothing of the circle', () => {
    const auditing = admitted(OMBUDSMAN, 1, {
      role: 'AUDITOR',
      memberKeyX: null,
      audiences: [{ audience: 'coded', fromEpoch: 1 }],
    });
    keys
      .given(OPENED, admitted(CONATT, 1), auditing)
      .when(grant(OMBUDSMAN))
      .then(granted(OMBUDSMAN, keysOf(1, ['coded']), { under: 'offer-key' }));
  });

  it('gives nothing twice, and what a flush gave an auditor not again', () => {
    keys
      .given(...GIVEN, granted(CONATT, [...keysOf(1), ...keysOf(2)]))
      .when(grant(CONATT))
      .thenNothing();
    const auditors = [
      { ...WATCHED, isGranted: true },
      { agency: 'iachr', audiences: ['coded'], isGranted: false } as const,
    ];
    const opened = { ...OPENED, data: { ...OPENED.data, auditors } };
    keys.given(opened).when(grant(OMBUDSMAN)).thenNothing();
    keys
      .given(opened)
      .when(grant('iachr'))
      .then(granted('iachr', keysOf(1, ['coded']), { under: 'offer-key' }));
  });

  it('gives everything again to whoever has another key pair now', () => {
    keys
      .given(...GIVEN, granted(CONATT, [...keysOf(1), ...keysOf(2)]), admitted(CONATT, 1, { memberKeyX: OTHER_X }))
      .when(grant(CONATT))
      .then(granted(CONATT, [...keysOf(1), ...keysOf(2)]));
  });

  it('gives no epoch from before the first that is opened', () => {
    keys
      .given(OPENED, admitted(CONATT, 2), begun(2), begun(3))
      .when(grant(CONATT))
      .then(granted(CONATT, [...keysOf(2), ...keysOf(3)]));
  });

  it('gives at most so many at once, and the rest with the next one', () => {
    const epochs = Array.from({ length: KEYS_PER_GRANT }, (_, index) => begun(index + 2));
    const state = fold(caseKeysDecider, [OPENED, admitted(CONATT, 1), ...epochs]);
    const [first] = caseKeysDecider.decide(grant(CONATT), state);
    const [second] = caseKeysDecider.decide(grant(CONATT), caseKeysDecider.evolve(state, first!));
    const counts = [first, second].map((event) =>
      event?.type === 'KeysGranted' ? event.data.cases[0]!.keys.length : 0,
    );
    expect(counts).toEqual([KEYS_PER_GRANT, KEYS_PER_GRANT]); // of two audiences in one epoch more than that
  });

  it('hands on no more at once than it gives', () => {
    const theirs = Array.from({ length: KEYS_PER_GRANT }, (_, index) => {
      return {
        subject: 'f'.repeat(32),
        audience: 'care' as const,
        epoch: index + 1,
        keyId: String(index).padStart(43, 'c'),
      };
    });
    const handedOn = [COMAR, 'cr-dgme'].map((holder) => ({ holder, keys: theirs }));
    const state = fold(caseKeysDecider, [OPENED, admitted(CONATT, 1)]);
    const [event] = caseKeysDecider.decide(grant(CONATT, { handedOn }), state);
    const cases = event?.type === 'KeysGranted' ? event.data.cases : [];
    expect(cases.map(({ holder, keys: given }) => [holder, given.length])).toEqual([
      [OWN, 2],
      [COMAR, KEYS_PER_GRANT - 2],
    ]);
  });

  it('hands on keys of a third agency that the past of the case is opened for', () => {
    const theirs = [{ subject: 'f'.repeat(32), audience: 'care', epoch: 7, keyId: 'c'.repeat(43) }] as const;
    const handedOn = [{ holder: COMAR, keys: theirs }];
    const entry = { caseId: CASE, holder: COMAR, keys: theirs, roster: [], chains: [] };
    keys
      .given(OPENED, admitted(CONATT, 1), granted(CONATT, keysOf(1)))
      .when(grant(CONATT, { handedOn }))
      .then(granted(CONATT, [], { cases: [entry] }));
    keys
      .given(OPENED, admitted(CONATT, 1), granted(CONATT, keysOf(1)), granted(CONATT, [], { cases: [entry] }))
      .when(grant(CONATT, { handedOn }))
      .thenNothing();
    keys
      .given(OPENED, admitted(CONATT, 2), begun(2))
      .when(grant(CONATT, { handedOn }))
      .thenRefused('KEYS.HISTORY_NOT_OPENED');
    const restricted = [{ holder: COMAR, keys: [{ ...theirs[0], audience: 'restricted' as const }] }];
    keys
      .given(OPENED, admitted(CONATT, 1))
      .when(grant(CONATT, { handedOn: restricted }))
      .thenRefused('KEYS.AUDIENCE_NOT_OPENED');
    for (const holder of [OWN, CONATT]) {
      const own = [{ holder, keys: theirs }];
      keys
        .given(OPENED, admitted(CONATT, 1))
        .when(grant(CONATT, { handedOn: own }))
        .thenRefused('KEYS.NOT_A_THIRD_AGENCY');
    }
  });

  it('goes to members only, and not before the epoch that is owed', () => {
    keys.given(OPENED).when(grant(CONATT)).thenRefused('KEYS.NOT_A_MEMBER');
    keys
      .given(...GIVEN, left(CONATT), begun(3))
      .when(grant(CONATT))
      .thenRefused('KEYS.NOT_A_MEMBER');
    keys.given(OPENED, admitted(CONATT, 2)).when(grant(CONATT)).thenRefused('KEYS.ROTATION_OWED');
    keys
      .given(...GIVEN, admitted(COMAR, 1), left(COMAR))
      .when(grant(CONATT))
      .thenRefused('KEYS.ROTATION_OWED');
  });
});

describe('what is owed', () => {
  const TOO = 'a36a4b6e-6f0f-4d0c-9c2f-0d6c2f6a7b10';
  const give = (epochs: readonly number[], ...to: (readonly [string, string, string | null])[]): CaseKeysCommand => ({
    ...{ type: 'GrantOwed', caseId: CASE, by: OWN, now: LATER },
    to: to.map(([agency, grantId, memberKeyX]) => ({ agency, grantId, memberKeyX })),
    inHand: epochs.flatMap((epoch) => keysOf(epoch).map(({ keyId }) => keyId)),
  });
  const roster = (agency: string) => [{ agency, memberKeyX: X, audiences: ['coded', 'care'] }] as const;
  const given = (to: string, grantId: string, other: string, epochs: readonly number[]) => {
    const cases = [{ caseId: CASE, holder: OWN, keys: epochs.flatMap((epoch) => keysOf(epoch)), chains: [] }];
    return granted(to, [], { grantId, cases: cases.map((entry) => ({ ...entry, roster: roster(other) })) });
  };

  it('is given to each of those that anything can be sealed to', () => {
    keys
      .given(OPENED, admitted(CONATT, 2), begun(2), admitted(COMAR, 1))
      .when(give([1, 2], [CONATT, GRANT, X], [COMAR, TOO, X]))
      .then(given(CONATT, GRANT, COMAR, [2]), given(COMAR, TOO, CONATT, [1, 2]));
  });

  it('stays owed where a key is not in hand, the pair is another by now, or it was given by then', () => {
    const state = [OPENED, admitted(CONATT, 1)] as const;
    keys
      .given(...state)
      .when(give([], [CONATT, GRANT, X]))
      .thenNothing();
    keys
      .given(...state)
      .when(give([1], [CONATT, GRANT, OTHER_X], [COMAR, TOO, X]))
      .thenNothing();
    keys
      .given(...state, granted(CONATT, keysOf(1)))
      .when(give([1], [CONATT, GRANT, X]))
      .thenNothing();
    keys
      .given(...state, ERASED)
      .when(give([1], [CONATT, GRANT, X]))
      .thenNothing();
  });

  it('is not given before the epoch that is owed', () => {
    keys
      .given(OPENED, admitted(CONATT, 1), admitted(COMAR, 2))
      .when(give([1], [CONATT, GRANT, X]))
      .thenNothing();
  });
});

describe('moving a circle', () => {
  const move = (...steps: CircleStep[]): CaseKeysCommand => ({ type: 'MoveCircle', caseId: CASE, steps });
  const remove = {
    type: 'RemoveMember',
    caseId: CASE,
    agency: CONATT,
    reason: 'CONSENT_WITHDRAWN',
    now: LATER,
  } as const;

  it('decides each step on what the one before left', () => {
    keys
      .given(OPENED, admitted(CONATT, 1))
      .when(move(remove, begin(2)))
      .then(left(CONATT), begun(2, { reason: 'MEMBER_LEFT' }));
    keys
      .given(OPENED)
      .when(move(admit(CONATT, { history: 'CURRENT' }), begin(2), grant(CONATT)))
      .then(admitted(CONATT, 2), begun(2), granted(CONATT, keysOf(2)));
  });

  it('does nothing where no step does, and nothing at all where one is refused', () => {
    keys
      .given(OPENED)
      .when(move(remove, begin(2)))
      .thenNothing();
    keys
      .given(OPENED)
      .when(move(admit(CONATT), admit(OWN)))
      .thenRefused('KEYS.OWN_AGENCY');
  });
});

describe('a grant that cannot be sealed', () => {
  const postpone = { type: 'PostponeGrant', caseId: CASE, to: CONATT, until: LATER } as const;
  const postponed = { type: 'GrantPostponed', data: { caseId: CASE, agency: CONATT, until: LATER } } as const;

  it('is put off, as often as need be', () => {
    keys.given(OPENED, admitted(CONATT, 1)).when(postpone).then(postponed);
    keys.given(OPENED, admitted(CONATT, 1), postponed).when(postpone).then(postponed);
  });

  it('is none where nothing is owed', () => {
    keys.given(OPENED).when(postpone).thenNothing();
    keys
      .given(OPENED, admitted(CONATT, 1), granted(CONATT, keysOf(1)))
      .when(postpone)
      .thenNothing();
    keys.given(OPENED, admitted(CONATT, 1), left(CONATT)).when(postpone).thenNothing();
    keys.given(OPENED, admitted(CONATT, 1), ERASED).when(postpone).thenNothing();
  });
});

describe('erased keys', () => {
  it('are noted once, also of a case that was never opened here', () => {
    const note = { type: 'NoteErased', caseId: CASE, now: LATER } as const;
    keys.given(OPENED).when(note).then(ERASED);
    keys.given().when(note).then(ERASED);
    keys.given(OPENED, ERASED).when(note).thenNothing();
  });

  it.each([OPEN, admit(CONATT), begin(2), grant(CONATT)])('are for nothing any more: $type', (command) => {
    keys.given(OPENED, admitted(CONATT, 1), ERASED).when(command).thenRefused('KEYS.ERASED');
  });

  it.each([admit(CONATT), begin(2), grant(CONATT)])('$type waits for a case to be opened', (command) => {
    keys.given().when(command).thenRefused('KEYS.NOT_OPEN');
  });
});
