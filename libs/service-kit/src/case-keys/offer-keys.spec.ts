import { describe, expect, it } from '@jest/globals';
import { fold, type Instant, instantAfter } from '@acogida/core';
import { decides } from '@acogida/testing';
import fc from 'fast-check';
import { OFFER_KEY_REST_MS, offerKeysDeadlines, type OfferKeysEvent, offerWeekDue, offerWeekOf } from './offer-keys.ts';
import { offerKeysDecider } from './procedures.ts';
import { X } from './testing/case-keys-examples.ts';

const keys = decides(offerKeysDecider);
const SUNDAY = '2026-11-22T23:59:59.999Z';
const MONDAY = '2026-11-23T00:00:00.000Z';
const WEEK = { validFrom: MONDAY, validThrough: '2026-11-29T23:59:59.999Z' };
const NEXT_WEEK = { validFrom: '2026-11-30T00:00:00.000Z', validThrough: '2026-12-06T23:59:59.999Z' };
const SATURDAY = '2026-11-28T00:00:00.000Z';
/** When a key of the first week goes, if no offer keeps it. */
const END = '2026-12-13T23:59:59.999Z';

const publishAt = (now: Instant, keyId = 'offers-1') => ({ type: 'PublishOfferKey', keyId, x: X, now }) as const;
const published = (keyId: string, week: typeof WEEK, publishedAt: Instant): OfferKeysEvent => {
  return { type: 'OfferKeyPublished', data: { keyId, x: X, ...week, publishedAt } };
};
const FIRST = published('offers-1', WEEK, MONDAY);
const SECOND = published('offers-2', NEXT_WEEK, SATURDAY);
const RETIRED: OfferKeysEvent = {
  type: 'OfferKeyRetired',
  data: { keyId: 'offers-1', receivedThrough: [], retiredAt: SATURDAY },
};

describe('the week of an offer key', () => {
  it('is from Monday to Sunday UTC', () => {
    expect(offerWeekOf(MONDAY)).toEqual(WEEK);
    expect(offerWeekOf(WEEK.validThrough)).toEqual(WEEK);
    expect(offerWeekOf(SUNDAY).validThrough).toBe(SUNDAY);
  });
});

describe('publishing an offer key', () => {
  it('begins with the week that it is', () => {
    keys
      .given()
      .when(publishAt(SATURDAY))
      .then(published('offers-1', WEEK, SATURDAY));
  });

  it('goes on with the next week when fewer than two days are left', () => {
    keys.given(FIRST).when(publishAt(SATURDAY, 'offers-2')).then(SECOND);
    keys
      .given(FIRST)
      .when(publishAt(instantAfter(SATURDAY, -1), 'offers-2'))
      .thenNothing();
    keys.given(FIRST, SECOND).when(publishAt(WEEK.validThrough, 'offers-3')).thenNothing();
    keys.given(FIRST, SECOND).when(publishAt(NEXT_WEEK.validFrom, 'offers-3')).thenNothing();
  });

  it('begins anew after a long silence, and for the week whose key was destroyed', () => {
    const late = '2027-01-06T12:00:00.000Z';
    keys
      .given(FIRST)
      .when(publishAt(late, 'offers-9'))
      .then(published('offers-9', offerWeekOf(late), late));
    keys
      .given(FIRST, SECOND, RETIRED)
      .when(publishAt(SATURDAY, 'offers-3'))
      .then(published('offers-3', WEEK, SATURDAY));
  });

  it('is done anew for a week that has one, where the one that others know may be lost', () => {
    const anew = { ...publishAt(SATURDAY, 'offers-3'), anew: WEEK };
    keys
      .given(FIRST, SECOND)
      .when(anew)
      .then(published('offers-3', WEEK, SATURDAY));
    keys
      .given(FIRST, SECOND)
      .when({ ...anew, keyId: 'offers-2' })
      .thenRefused('KEYS.NAMES_USED');
  });

  it.each([
    ['a name that was used', publishAt(SATURDAY), 'KEYS.NAMES_USED'],
    ['a name with a space', publishAt(SATURDAY, 'offers 2'), 'KEYS.NAMES_USED'],
    ['a key that is none', { ...publishAt(SATURDAY, 'offers-2'), x: 'x' }, 'KEYS.OFFER_KEY_MALFORMED'],
    [
      'a key that gives everybody the same secret',
      { ...publishAt(SATURDAY, 'offers-2'), x: 'A'.repeat(43) },
      'KEYS.OFFER_KEY_MALFORMED',
    ],
  ])('refuses %s', (_, command, code) => {
    keys.given(FIRST).when(command).thenRefused(code);
  });

  it('done whenever its deadline is due, leaves no moment without a valid key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * 24 * 60 * 60 * 1000 }), (startMs) => {
        let now = instantAfter(MONDAY, startMs);
        let state = fold(offerKeysDecider, [
          ...offerKeysDecider.decide(publishAt(now, 'offers-0'), offerKeysDecider.initialState),
        ]);
        for (let turn = 1; turn <= 6; turn += 1) {
          const due = offerKeysDeadlines(state).find(({ kind }) => kind === 'PUBLISH')?.dueAt ?? '';
          const covered =
            state.live
              .map(({ validThrough }) => validThrough)
              .sort()
              .at(-1) ?? '';
          expect(due < covered).toBe(true);
          now = due > now ? due : now;
          const events = offerKeysDecider.decide(publishAt(now, `offers-${turn}`), state);
          expect(events).toHaveLength(1);
          state = fold(offerKeysDecider, events, state);
          expect(state.live.some(({ validFrom, validThrough }) => validFrom <= now && now <= validThrough)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('keeping an offer key', () => {
  const keep = (until: Instant) => ({ type: 'KeepOfferKey', keyId: 'offers-1', until }) as const;
  const later = instantAfter(END, 1);

  it('goes on for 14 days after its week, and longer for an offer that is open longer', () => {
    expect(OFFER_KEY_REST_MS).toBe(14 * 24 * 60 * 60 * 1000);
    keys.given(FIRST).when(keep(END)).thenNothing();
    keys
      .given(FIRST)
      .when(keep(later))
      .then({ type: 'OfferKeyKept', data: { keyId: 'offers-1', until: later } });
  });

  it('ends when its time has come, and not before', () => {
    const note = (now: Instant) => ({ type: 'NoteDestroyed', keyId: 'offers-1', now }) as const;
    const kept: OfferKeysEvent = { type: 'OfferKeyKept', data: { keyId: 'offers-1', until: later } };
    const destroyed = (at: Instant): OfferKeysEvent => ({
      type: 'OfferKeyDestroyed',
      data: { keyId: 'offers-1', destroyedAt: at },
    });
    keys.given(FIRST).when(note(END)).thenRefused('KEYS.OFFER_KEY_NEEDED');
    keys.given(FIRST).when(note(later)).then(destroyed(later));
    keys.given(FIRST, kept).when(note(later)).thenRefused('KEYS.OFFER_KEY_NEEDED');
    keys.given(FIRST, destroyed(later)).when(note(later)).thenNothing();
  });

  it('ends at once for an erasure, and says how far each sender was received', () => {
    const receivedThrough = [{ agency: 'mx-comar', number: 412 }];
    const retire = { type: 'RetireOfferKey', keyId: 'offers-1', receivedThrough, now: SATURDAY } as const;
    keys
      .given(FIRST)
      .when(retire)
      .then({ type: 'OfferKeyRetired', data: { keyId: 'offers-1', receivedThrough, retiredAt: SATURDAY } });
    keys.given(FIRST, RETIRED).when(retire).thenNothing();
    keys.given(FIRST, RETIRED).when(keep(later)).thenNothing();
  });

  it('is asked of a key that there was', () => {
    keys.given().when(keep(later)).thenRefused('KEYS.OFFER_KEY_UNKNOWN');
  });
});

describe('what offer keys wait for', () => {
  it.each<readonly [string, readonly OfferKeysEvent[], readonly { kind: string; dueAt: string }[]]>([
    ['nothing before the first one', [], []],
    [
      'the next one on Saturday, and their end',
      [FIRST],
      [
        { kind: 'PUBLISH', dueAt: SATURDAY },
        { kind: 'DESTROY', dueAt: instantAfter(END, 1) },
      ],
    ],
    [
      'the one after the last, and the end of the first',
      [FIRST, SECOND],
      [
        { kind: 'PUBLISH', dueAt: '2026-12-05T00:00:00.000Z' },
        { kind: 'DESTROY', dueAt: instantAfter(END, 1) },
      ],
    ],
    [
      'one in the place of what was retired, at once',
      [FIRST, SECOND, RETIRED],
      [
        { kind: 'PUBLISH', dueAt: SATURDAY },
        { kind: 'DESTROY', dueAt: '2026-12-21T00:00:00.000Z' },
      ],
    ],
    [
      'any one when there is none',
      [FIRST, { type: 'OfferKeyDestroyed', data: { keyId: 'offers-1', destroyedAt: END } }],
      [{ kind: 'PUBLISH', dueAt: END }],
    ],
  ])('%s', (_, events, deadlines) => {
    expect(offerKeysDeadlines(fold(offerKeysDecider, events))).toEqual(deadlines);
  });

  it('no longer waits once it is there', () => {
    const third = published('offers-3', WEEK, SATURDAY);
    const state = fold(offerKeysDecider, [FIRST, SECOND, RETIRED, third]);
    expect(offerWeekDue(state, SATURDAY)).toBeNull();
    expect(offerKeysDeadlines(state)[0]).toEqual({ kind: 'PUBLISH', dueAt: '2026-12-05T00:00:00.000Z' });
  });
});
