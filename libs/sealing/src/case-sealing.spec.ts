import { beforeEach, describe, expect, it } from '@jest/globals';
import { GROUP_AUDIENCES } from './audience.ts';
import { CaseSealing } from './case-sealing.ts';
import { DevelopmentOpener } from './development-opener.ts';
import { DevelopmentSealer } from './development-sealer.ts';
import { withPending } from './pending-keys.ts';
import { BrokenSealError, ErasedError, MissingKeyError, type SealHeader } from './port.ts';
import { systemRandomness } from './randomness.ts';
import { sealText } from './seal-format.ts';
import { makeCaseKeySet, SealingKey } from './sealing-key.ts';
import { openSpecSealing, openSpecStore, type SpecAgency, type SpecEvent } from './testing/spec-sealing.ts';
import { makeX25519Pair } from './x25519.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const CHANNEL = '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04';
const ID = '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11';
const OTHER_ID = '8d0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c12';
const TEXT = '{"type":"CaseOpened","place":"Paso Canoas – ñandú"}';
const NOT_FOR_US = { kind: 'sealed', addressed: false };

let intake: SpecAgency;
let comar: SpecAgency;
let auditor: SpecAgency;

beforeEach(async () => {
  ({ intake, comar, auditor } = await openSpecSealing(['intake', 'comar', 'auditor']));
});

function readBy({ sealing }: Pick<SpecAgency, 'sealing'>, { header, data }: SpecEvent) {
  return sealing.read(header, data);
}

describe('an event for a circle', () => {
  it('is read by whoever was granted the key of its audience and epoch', async () => {
    const set = await intake.openEpoch(CASE);
    await comar.hold(set, 'intake', 'care');
    const event = intake.publish(ID, CASE, 'care', TEXT);
    expect(event.header).toMatchObject({ subject: set.subject, keyId: set.keys.care.keyId });
    expect(readBy(comar, event)).toEqual({
      kind: 'opened',
      text: TEXT,
      lane: null,
      via: { under: 'group', caseId: CASE, audience: 'care', epoch: 1 },
    });
    expect(comar.sealing.unknownKeys([event.header])).toEqual([]);
  });

  it('INV-17 is read by no other audience: what one may read opens nothing of the others', async () => {
    const set = await intake.openEpoch(CASE);
    for (const granted of GROUP_AUDIENCES) {
      const { reader } = await openSpecSealing(['reader']);
      await reader.hold(set, 'intake', granted);
      const opened = GROUP_AUDIENCES.filter(
        (audience) => readBy(reader, intake.publish(ID, CASE, audience, TEXT)).kind === 'opened',
      );
      expect(opened).toEqual([granted]);
    }
  });

  it('costs an outsider one lookup and says nothing', async () => {
    await intake.openEpoch(CASE);
    const events = GROUP_AUDIENCES.map((audience) => intake.publish(ID, CASE, audience, TEXT));
    const headers = events.map(({ header }) => header);
    expect(auditor.sealing.unknownKeys([...headers, ...headers])).toEqual(headers.map(({ keyId }) => keyId));
    for (const event of events) expect(readBy(auditor, event)).toEqual(NOT_FOR_US);
  });

  it('of a later epoch is not read by a member that left, and shows another subject and key', async () => {
    const first = await intake.openEpoch(CASE, 1);
    await comar.hold(first, 'intake', 'care');
    const before = intake.publish(ID, CASE, 'care', TEXT);
    await intake.openEpoch(CASE, 2);
    const after = intake.publish(OTHER_ID, CASE, 'care', TEXT);
    expect(readBy(comar, before)).toMatchObject({ kind: 'opened' });
    expect(readBy(comar, after)).toEqual(NOT_FOR_US);
    expect(after.header.subject).not.toBe(before.header.subject);
    expect(after.header.keyId).not.toBe(before.header.keyId);
  });

  it('is not sealed without an open epoch', () => {
    expect(() => intake.publish(ID, CASE, 'care', TEXT)).toThrow(MissingKeyError);
    expect(() => intake.publish(ID, null, 'care', TEXT)).toThrow(MissingKeyError);
  });

  it.each<[keyof SealHeader, string]>([
    ['id', OTHER_ID],
    ['class', 'hold'],
    ['subject', 'f'.repeat(32)],
  ])('is refused under another %s', async (field, value) => {
    await comar.hold(await intake.openEpoch(CASE), 'intake', 'care');
    const { header, data } = intake.publish(ID, CASE, 'care', TEXT);
    const read = (): unknown => comar.sealing.read({ ...header, [field]: value }, data);
    expect(read).toThrow(BrokenSealError);
    // What comes after it on the case has to wait, so whoever reads is told which it is; no log is.
    expect(read).toThrow(expect.objectContaining({ caseId: CASE, message: expect.not.stringContaining(CASE) }));
    expect(Object.keys(thrownBy(read))).not.toContain('caseId');
  });

  it('is not taken from a member that seals under the key of the agency that granted it', async () => {
    const set = await intake.openEpoch(CASE);
    for (const member of [comar, auditor]) await member.hold(set, 'intake', 'care');
    const { keyId, extracted } = set.keys.care;
    const sealedAs = (source: string, subject: string): SpecEvent => {
      const header = { id: ID, source, class: 'case', subject, keyId };
      return { header, data: sealText(extracted, header, TEXT) };
    };
    expect(readBy(auditor, sealedAs('comar', set.subject))).toEqual(NOT_FOR_US);
    expect(() => readBy(auditor, sealedAs('intake', 'f'.repeat(32)))).toThrow(BrokenSealError);
  });

  it('is not opened under the name of another agency that says that the key is its own', async () => {
    const set = await intake.openEpoch(CASE);
    await auditor.hold(set, 'comar', 'care', 'comar');
    await auditor.hold(set, 'intake', 'care');
    const event = intake.publish(ID, CASE, 'care', TEXT);
    expect(readBy(auditor, event)).toMatchObject({ kind: 'opened', via: { caseId: CASE } });
    expect(() => auditor.sealing.read({ ...event.header, source: 'comar' }, event.data)).toThrow(BrokenSealError);
  });

  it('is refused under a key that encrypts at rest', async () => {
    const set = await intake.openEpoch(CASE);
    const { keyId, extracted } = set.keys.own;
    const header = { id: ID, source: 'intake', class: 'case', subject: set.subject, keyId };
    const data = sealText(extracted, header, TEXT);
    expect(() => intake.sealing.read(header, data)).toThrow(BrokenSealError);
  });

  it('can be sealed under an epoch that is only being begun', async () => {
    const pending = makeCaseKeySet(CASE, 2, systemRandomness);
    await intake.openEpoch(CASE, 1);
    const ring = withPending(intake.ring, [pending], 'intake');
    const sealing = new CaseSealing({ agency: 'intake', ring, randomness: systemRandomness });
    const event = { id: ID, source: 'intake', class: 'case', caseId: CASE, audience: 'coded' as const, text: TEXT };
    const { subject, keyId, data } = sealing.seal(event);
    expect(subject).toBe(pending.subject);
    const header = { id: ID, source: 'intake', class: 'case', subject, keyId };
    expect(sealing.read(header, data)).toMatchObject({ kind: 'opened', via: { epoch: 2 } });
    expect(intake.sealing.read(header, data)).toEqual(NOT_FOR_US);
    expect(intake.ring.current(CASE)?.epoch).toBe(1);
  });
});

describe('an offer', () => {
  it('is read with the offer key of its receiver and by nobody else', () => {
    const event = intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT);
    const via = { under: 'offer-key', keyId: comar.offerPair.keyId };
    expect(readBy(comar, event)).toEqual({ kind: 'opened', text: TEXT, lane: null, via });
    for (const other of [auditor, intake]) expect(readBy(other, event)).toEqual(NOT_FOR_US);
  });

  it('stays closed once the offer key was destroyed, although the agency’s sealing key is there', () => {
    const event = intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT);
    comar.ring.drop({
      caseIds: [],
      keyIds: [],
      memberHints: [],
      channelIds: [],
      offerKeyIds: [comar.offerPair.keyId],
    });
    expect(readBy(comar, event)).toEqual({ kind: 'sealed', addressed: true });
  });

  it('is read with each of the offer keys that its receiver has, whichever the one before was to', () => {
    const next = { ...makeX25519Pair(systemRandomness), keyId: 'offers-next' };
    comar.ring.useOfferPairs([next, comar.offerPair]);
    const read = ({ keyId, x }: { readonly keyId: string; readonly x: string }) => {
      intake.ring.usePeer('comar', { sealing: [comar.sealingPair], offer: { keyId, x } });
      return readBy(comar, intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT));
    };
    for (const pair of [comar.offerPair, next, next, comar.offerPair]) {
      expect(read(pair)).toMatchObject({ kind: 'opened', text: TEXT, via: { keyId: pair.keyId } });
    }
    comar.ring.useOfferPairs([next]);
    expect(read(comar.offerPair)).toEqual({ kind: 'sealed', addressed: true });
  });

  it('is read under the sealing keys before, after either side has changed its own', () => {
    const event = intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT);
    const [ownNext, peerNext] = [makeX25519Pair(systemRandomness), makeX25519Pair(systemRandomness)];
    comar.ring.useSealingPairs([{ ...ownNext, keyId: 'comar-sealing-2' }, comar.sealingPair]);
    comar.ring.usePeer('intake', {
      sealing: [{ keyId: 'intake-sealing-2', x: peerNext.x }, intake.sealingPair],
      offer: null,
    });
    expect(readBy(comar, event)).toMatchObject({ kind: 'opened', text: TEXT });
    intake.ring.useSealingPairs([{ ...peerNext, keyId: 'intake-sealing-2' }, intake.sealingPair]);
    intake.ring.usePeer('comar', {
      sealing: [{ keyId: 'comar-sealing-2', x: ownNext.x }],
      offer: comar.offerPair,
    });
    const later = intake.publish(OTHER_ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT);
    expect(readBy(comar, later)).toMatchObject({ kind: 'opened', text: TEXT });
  });

  it('is not sealed to an agency that published no keys', () => {
    expect(() => intake.publish(ID, CASE, { to: 'nobody', under: 'offer-key' }, TEXT)).toThrow(MissingKeyError);
    intake.ring.usePeer('comar', { sealing: [comar.sealingPair], offer: null });
    expect(() => intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT)).toThrow(MissingKeyError);
  });

  it('is refused when it was changed on its way', () => {
    const { header, data } = intake.publish(ID, CASE, { to: 'comar', under: 'offer-key' }, TEXT);
    const bytes = Buffer.from(data, 'base64');
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    expect(() => comar.sealing.read(header, bytes.toString('base64'))).toThrow(BrokenSealError);
    expect(() => comar.sealing.read({ ...header, subject: 'f'.repeat(32) }, data)).toThrow(BrokenSealError);
    expect(comar.sealing.read({ ...header, id: OTHER_ID }, data)).toEqual(NOT_FOR_US);
    expect(comar.sealing.read({ ...header, source: 'auditor' }, data)).toEqual(NOT_FOR_US);
  });
});

describe('a grant to a member', () => {
  it('is read with the key pair that the member made for the case, once it is loaded', async () => {
    const pair = await comar.makeMemberPair(CASE);
    intake.ring.holdMemberKey(CASE, 'comar', pair.x);
    const event = intake.publish(ID, CASE, { to: 'comar', under: 'member-key' }, TEXT);
    const via = { under: 'member-key', caseId: CASE };
    expect(readBy(comar, event)).toEqual({ kind: 'opened', text: TEXT, lane: null, via });

    const again = await openSpecStore('comar', comar);
    again.ring.usePeer('intake', { sealing: [intake.sealingPair], offer: null });
    const first = again.sealing.read(event.header, event.data);
    if (first.kind !== 'wanting') throw new Error('it wants a key pair');
    await comar.rows.inTransaction((transaction) => again.store.load(transaction, first.wanted));
    expect(again.sealing.read(event.header, event.data)).toMatchObject({ kind: 'opened', text: TEXT });
  });

  it('hands over keys that fit their commitments', async () => {
    const set = await intake.openEpoch(CASE);
    intake.ring.holdMemberKey(CASE, 'comar', (await comar.makeMemberPair(CASE)).x);
    const grant = intake.publish(ID, CASE, { to: 'comar', under: 'member-key' }, set.keys.care.handOver());
    const reading = readBy(comar, grant);
    if (reading.kind !== 'opened') throw new Error('it is opened');
    const key = SealingKey.received(reading.text, set.keys.care.keyId);
    comar.ring.hold({ source: 'intake', subject: set.subject, caseId: CASE, audience: 'care', epoch: 1, key });
    expect(readBy(comar, intake.publish(OTHER_ID, CASE, 'care', TEXT))).toMatchObject({ kind: 'opened', text: TEXT });
  });

  it('is not sealed to an agency that is no member', () => {
    for (const caseId of [CASE, null]) {
      expect(() => intake.publish(ID, caseId, { to: 'comar', under: 'member-key' }, TEXT)).toThrow(MissingKeyError);
    }
  });
});

describe('a word in a channel', () => {
  const audience = { to: 'comar', under: 'channel', channelId: CHANNEL } as const;

  it('is read at the other end, in the lane of the channel', async () => {
    const key = SealingKey.make(systemRandomness);
    await intake.openChannel(CHANNEL, 'comar', key);
    const event = intake.publish(ID, null, audience, TEXT);
    expect(readBy(comar, event)).toEqual({ kind: 'wanting', wanted: { channels: [CHANNEL] } });
    await comar.openChannel(CHANNEL, 'intake', SealingKey.received(key.handOver()));
    const via = { under: 'channel', channelId: CHANNEL };
    expect(readBy(comar, event)).toEqual({ kind: 'opened', text: TEXT, lane: CHANNEL, via });
    const answer = comar.publish(OTHER_ID, null, { ...audience, to: 'intake' }, TEXT);
    expect(readBy(intake, answer)).toMatchObject({ kind: 'opened', lane: CHANNEL });
  });

  it('is refused from an agency that is not at the other end', async () => {
    const key = SealingKey.make(systemRandomness);
    await comar.openChannel(CHANNEL, 'intake', key);
    await auditor.openChannel(CHANNEL, 'comar', key);
    expect(() => readBy(comar, auditor.publish(ID, null, audience, TEXT))).toThrow(BrokenSealError);
  });

  it('is not sealed in a channel that is with another agency, or not there', async () => {
    expect(() => intake.publish(ID, null, audience, TEXT)).toThrow(MissingKeyError);
    await intake.openChannel(CHANNEL, 'auditor', SealingKey.make(systemRandomness));
    expect(() => intake.publish(ID, null, audience, TEXT)).toThrow(MissingKeyError);
  });
});

describe('a text of a case at rest', () => {
  const place = {
    use: 'event',
    id: ID,
    stream: 'first-contact-1',
    version: 1,
    schemaVersion: 1,
    recordedAt: '2026-11-22T09:00:00.000Z',
  } as const;

  it('is encrypted under the case’s own key, and a text of no case is not', async () => {
    const set = await intake.openEpoch(CASE);
    const kept = intake.sealing.protect(CASE, place, TEXT);
    expect(kept.sealedBy).toBe(set.keys.own.keyId);
    expect(kept.text).not.toContain('CaseOpened');
    expect(intake.sealing.reveal(place, kept.text)).toBe(TEXT);
    expect(intake.sealing.protect(null, place, TEXT)).toEqual({ text: TEXT, sealedBy: null });
    expect(intake.sealing.reveal(place, TEXT)).toBe(TEXT);
    expect(() => comar.sealing.protect(CASE, place, TEXT)).toThrow(MissingKeyError);
  });

  it('tells a key that was not loaded from one that was destroyed', async () => {
    const set = await intake.openEpoch(CASE);
    const { text } = intake.sealing.protect(CASE, place, TEXT);
    const again = await openSpecStore('intake', intake);
    expect(() => again.sealing.reveal(place, text)).toThrow(MissingKeyError);
    const wanted = { keyIds: again.sealing.unknownKeys([set.keys.own]) };
    await intake.rows.inTransaction((transaction) => again.store.load(transaction, wanted));
    expect(again.sealing.reveal(place, text)).toBe(TEXT);
    again.ring.drop(
      await intake.rows.inTransaction((transaction) => again.store.forget(transaction, { caseIds: [CASE] })),
    );
    expect(() => again.sealing.reveal(place, text)).toThrow(ErasedError);
  });
});

describe('a seal of the development secret', () => {
  const secret = Buffer.alloc(32, 9);
  const event = { id: ID, source: 'intake', class: 'case', caseId: CASE, text: TEXT };
  const { subject, keyId, data } = new DevelopmentSealer(secret).seal(event);
  const header = { id: ID, source: 'intake', class: 'case', subject, keyId };

  it('is opened where the secret is, and sealed elsewhere', () => {
    const development = new DevelopmentOpener(secret.toString('base64'));
    const withSecret = new CaseSealing({
      agency: 'comar',
      ring: comar.ring,
      randomness: systemRandomness,
      development,
    });
    const via = { under: 'development' };
    expect(withSecret.read(header, data)).toEqual({ kind: 'opened', text: TEXT, lane: null, via });
    expect(withSecret.unknownKeys([header])).toEqual([]);
    expect(comar.sealing.read(header, data)).toEqual(NOT_FOR_US);
    const other = new DevelopmentOpener(Buffer.alloc(32, 8).toString('base64'));
    const withOther = new CaseSealing({
      agency: 'comar',
      ring: comar.ring,
      randomness: systemRandomness,
      development: other,
    });
    expect(withOther.read(header, data)).toEqual(NOT_FOR_US);
    expect(() => withSecret.read({ ...header, class: 'hold' }, data)).toThrow(BrokenSealError);
  });
});

function thrownBy(read: () => unknown): object {
  try {
    read();
  } catch (error) {
    return error as object;
  }
  throw new Error('nothing was thrown');
}
