import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { instantAfter } from '@acogida/core';
import { OFFER_KEY_REST_MS, offerKeysDeadlines } from './offer-keys.ts';
import { offerKeysProcedure } from './procedures.ts';
import { AT, COMAR, OWN } from './testing/case-keys-examples.ts';
import { introduceNodes, KeyNode, type LoggedEvent } from './testing/key-node.ts';
import { KEY_STORAGES } from './testing/key-storage.ts';

// A Sunday: the key of the next week is due with that of this one.
const END = instantAfter('2026-11-22T23:59:59.999Z', OFFER_KEY_REST_MS);
const AFTER = instantAfter(END, 1);

describe.each(KEY_STORAGES)('offer keys in $name', ({ make }) => {
  let own: KeyNode;
  let sender: KeyNode;
  let close: () => Promise<void>;
  let [first, second] = ['', ''];

  beforeEach(async () => {
    const storage = await make();
    close = storage.close;
    own = await KeyNode.open(OWN, storage.rows);
    sender = await KeyNode.open(COMAR, (await KEY_STORAGES[0]!.make()).rows);
    await own.turn((turn) => own.offerKeys.publish(turn));
    [first = '', second = ''] = (await stateOf()).keyIds;
  });

  afterEach(() => close());

  const stateOf = async () => (await own.context.handler.load(offerKeysProcedure, OWN)).state;

  const stored = () => own.turn(({ transaction }) => own.store.offerKeys(transaction));

  function sealTo(keyId: string): LoggedEvent {
    introduceNodes(own, sender);
    const offer = own.ring.offerPairs().find((pair) => pair.keyId === keyId)!;
    sender.ring.usePeer(OWN, { sealing: [own.sealingPair], offer });
    const id = sender.ids.uuid();
    const event = { id, source: COMAR, class: 'referral' as const, caseId: null, text: '{}' };
    const { subject, keyId: tag, data } = sender.sealing.seal({ ...event, audience: { to: OWN, under: 'offer-key' } });
    return { id, source: COMAR, class: 'referral', subject, keyId: tag, data };
  }

  it('are published in clear with their weeks, and open what is sealed to them at once and after a restart', async () => {
    const published = await Promise.all(own.log.map((event) => own.receive(event)));
    expect(published.map(({ payload }) => [payload.type, payload.data['keyId'], payload.data['validFrom']])).toEqual([
      ['OfferKeyPublished', first, '2026-11-16T00:00:00.000Z'],
      ['OfferKeyPublished', second, '2026-11-23T00:00:00.000Z'],
    ]);
    const offers = [sealTo(first), sealTo(second)];
    await own.turn(({ transaction }) => own.store.loadPairs(transaction));
    for (const offer of offers) expect((await own.read(offer)).kind).toBe('opened');
  });

  it('have other names in a copy of the agency that does not know them: they are other keys', async () => {
    const copy = await KeyNode.open(OWN, (await KEY_STORAGES[0]!.make()).rows);
    await copy.turn((turn) => copy.offerKeys.publish(turn));
    const { keyIds } = (await copy.context.handler.load(offerKeysProcedure, OWN)).state;
    expect(keyIds.map((keyId) => keyId.slice(0, 18))).toEqual(['offers-2026-11-16.', 'offers-2026-11-23.']);
    for (const keyId of keyIds) expect([first, second]).not.toContain(keyId);
  });

  it('are published once', async () => {
    await own.turn((turn) => own.offerKeys.publish(turn));
    expect(own.log).toHaveLength(2);
    expect((await stored()).map(({ keyId }) => keyId)).toEqual([second, first]);
  });

  it('are published anew for the weeks that are not over, and what was sealed to those of before opens', async () => {
    const offers = [sealTo(first), sealTo(second)];
    await own.turn((turn) => own.offerKeys.publishAnew(turn));
    const { keyIds, live } = await stateOf();
    expect(live.map(({ keyId, validFrom }) => [keyId, validFrom.slice(0, 10)])).toEqual([
      ...[
        [first, '2026-11-16'],
        [second, '2026-11-23'],
        [keyIds[2], '2026-11-16'],
        [keyIds[3], '2026-11-23'],
      ],
    ]);
    expect(new Set(keyIds).size).toBe(4);
    for (const offer of [...offers, ...keyIds.slice(2).map(sealTo)]) {
      expect((await own.read(offer)).kind).toBe('opened');
    }
    own.now = AFTER;
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    await own.turn((turn) => own.offerKeys.publishAnew(turn));
    expect((await stateOf()).live.map(({ validFrom }) => validFrom.slice(0, 10))).toEqual([
      ...['2026-11-23', '2026-11-23', '2026-12-07'],
    ]);
  });

  it('are destroyed 14 days after their week', async () => {
    const offer = sealTo(first);
    own.now = END;
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    expect((await stored()).map(({ keyId }) => keyId)).toEqual([second, first]);
    own.now = AFTER;
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    expect((await stored()).map(({ keyId }) => keyId)).toEqual([second]);
    expect((await stateOf()).live.map(({ keyId }) => keyId)).toEqual([second]);
    expect(await own.read(offer)).toEqual({ kind: 'sealed', addressed: true });
  });

  it('are kept for an offer that is open longer, and destroyed 14 days after it', async () => {
    const expiresAt = '2026-12-01T00:00:00.000Z';
    const until = instantAfter(expiresAt, OFFER_KEY_REST_MS);
    await own.turn(({ transaction }) => own.store.keepOfferKey(transaction, first, expiresAt));
    own.now = AFTER;
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    expect((await stateOf()).live.find(({ keyId }) => keyId === first)?.keptUntil).toBe(until);
    own.now = until;
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    own.now = instantAfter(until, 1);
    await own.turn((turn) => own.offerKeys.destroyDue(turn));
    expect((await stateOf()).live.find(({ keyId }) => keyId === first)).toBeUndefined();
  });

  it('are retired for an erasure: destroyed, with another one of the same week in their place', async () => {
    const offer = sealTo(first);
    const receivedThrough = [{ agency: COMAR, number: 412 }];
    const forgotten = await own.turn((turn) => own.offerKeys.retire(turn, [first], receivedThrough));
    own.ring.drop(forgotten);
    expect(await own.read(offer)).toEqual({ kind: 'sealed', addressed: true });
    const told = await Promise.all(own.log.slice(2).map((event) => own.receive(event)));
    expect(told.map(({ payload }) => [payload.type, payload.data])).toEqual([
      ['OfferKeyRetired', { keyId: first, receivedThrough }],
      ['OfferKeyPublished', expect.objectContaining({ validFrom: '2026-11-16T00:00:00.000Z' })],
    ]);
    const [, , another = ''] = (await stateOf()).keyIds;
    expect(another).not.toBe(first);
    expect((await own.read(sealTo(another))).kind).toBe('opened');
  });

  it('act on their deadlines until none is due', async () => {
    const rule = own.offerKeys.deadlines();
    own.now = '2027-01-20T12:00:00.000Z';
    for (const kind of ['PUBLISH', 'DESTROY'] as const) {
      const due = { kind, dueAt: AT, id: OWN, stream: `offer-keys-${OWN}` };
      await own.turn((turn) => rule.handle(due, { ...turn, lookAgainAt: () => {} }));
    }
    const state = await stateOf();
    expect(state.live.map(({ keyId }) => keyId)).toEqual([expect.stringMatching(/^offers-2027-01-18\./)]);
    expect(offerKeysDeadlines(state).filter(({ dueAt }) => dueAt <= own.now)).toEqual([]);
  });
});
