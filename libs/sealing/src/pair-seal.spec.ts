import { describe, expect, it } from '@jest/globals';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import canonicalize from 'canonicalize';
import { createHmac, hkdfSync } from 'node:crypto';
import { HmacKey } from './hmac-key.ts';
import { pairKey, pairTag, type PairEnds } from './pair-key.ts';
import { memberKeyHint, openForPair, sealForPair } from './pair-seal.ts';
import { BrokenSealError, type SealHeader } from './port.ts';
import { systemRandomness } from './randomness.ts';
import { PAIR_SHAPE, sealText } from './seal-format.ts';
import { SealingKey } from './sealing-key.ts';
import { agreedSecret, makeX25519Pair, x25519Pair, x25519PublicKey } from './x25519.ts';
import { openSpecSealing } from './testing/spec-sealing.ts';

const ID = '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11';
const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const CHANNEL = '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04';
const SUBJECT = '00112233445566778899aabbccddeeff';
const ENDS: PairEnds = {
  network: 'ab'.repeat(32),
  sender: 'cr-border-intake',
  receiver: 'mx-comar',
  senderKeyId: 'cr-border-intake-sealing-1',
  receiverKeyId: 'mx-comar-sealing-1',
};
const sender = x25519Pair(Buffer.from(Array.from({ length: 32 }, (_, index) => index + 1)));
const receiver = x25519Pair(Buffer.from(Array.from({ length: 32 }, (_, index) => index + 2)));
const key = pairKey(sender.privateKey, receiver.publicKey, ENDS);

function pairBytes(): Buffer {
  const { network, sender: from, receiver: to, senderKeyId, receiverKeyId } = ENDS;
  const label = JSON.stringify(['acogida', 'v1', 'pair', network, from, to, senderKeyId, receiverKeyId]);
  const secret = agreedSecret(sender.privateKey, receiver.publicKey)!;
  return Buffer.from(hkdfSync('sha256', secret, '', label, 32));
}

describe('the key between two agencies', () => {
  it('is the same at both ends', () => {
    expect(pairKey(receiver.privateKey, sender.publicKey, ENDS).equals(key)).toBe(true);
  });

  it('is HKDF of the agreed secret (RFC 5869), with a tag that does not change', () => {
    expect(key.equals(new HmacKey(pairBytes()))).toBe(true);
    expect(pairTag(key, ID)).toBe('58iJ5RgCS8u8iWd-MDt3jh--AqUM6P_HCxHyBv3jWnU');
    expect(memberKeyHint(receiver.x)).toBe('dfba51bef2edd290290dbd0956111812');
  });

  it.each(Object.keys(ENDS) as (keyof PairEnds)[])('is another for another %s', (end) => {
    const other = pairKey(sender.privateKey, receiver.publicKey, { ...ENDS, [end]: 'another' });
    expect(other.equals(key)).toBe(false);
    expect(pairTag(other, ID)).not.toBe(pairTag(key, ID));
  });

  it('is another one in the other direction', () => {
    const back = { ...ENDS, sender: ENDS.receiver, receiver: ENDS.sender };
    expect(pairKey(sender.privateKey, receiver.publicKey, back).equals(key)).toBe(false);
  });

  it('is not agreed with a key that gives everybody the same', () => {
    const zero = x25519PublicKey(Buffer.alloc(32).toString('base64url'));
    expect(() => pairKey(sender.privateKey, zero, ENDS)).toThrow(RangeError);
  });
});

describe('an event to one agency', () => {
  const event = { id: ID, source: ENDS.sender, class: 'referral' };
  const content = { to: 'offer-key', jwe: 'e30..A.A.A' } as const;

  function sealed(): { readonly header: SealHeader; readonly data: string } {
    const { subject, keyId, data } = sealForPair(key, event, SUBJECT, content);
    return { header: { ...event, subject, keyId }, data };
  }

  it('is opened again, whatever it carries', () => {
    const contents = [
      content,
      { to: 'member-key', hint: memberKeyHint(receiver.x), jwe: 'e30..A.A.A' },
      { to: 'channel', channelId: CHANNEL, data: 'AAAA' },
    ] as const;
    for (const one of contents) {
      const { subject, keyId, data } = sealForPair(key, event, SUBJECT, one);
      expect(openForPair(key, { ...event, subject, keyId }, data)).toEqual(one);
    }
  });

  it('is XChaCha20-Poly1305 of its padded content under a key of its own, bound to the canonical header', () => {
    const { header, data } = sealed();
    const label = JSON.stringify(['acogida', 'v2', 'pair-event', ID]);
    // Expanding alone: the pair key has been extracted already.
    const eventKey = createHmac('sha256', pairBytes()).update(`${label}\u0001`).digest();
    const bytes = Buffer.from(data, 'base64');
    const cipher = xchacha20poly1305(eventKey, bytes.subarray(0, 24), Buffer.from(canonicalize(header)!));
    const padded = Buffer.from(cipher.decrypt(bytes.subarray(24)));
    expect(padded).toHaveLength(4096);
    expect(padded.toString('utf8', 4, 4 + padded.readUInt32BE(0))).toBe(`o.${content.jwe}`);
  });

  it.each<keyof SealHeader>(['id', 'source', 'class', 'subject', 'keyId'])(
    'does not open under another %s',
    (field) => {
      const { header, data } = sealed();
      expect(() => openForPair(key, { ...header, [field]: 'another' }, data)).toThrow(BrokenSealError);
    },
  );

  it.each(['', 'x.AAAA', 'm.short.e30', `m.${'A'.repeat(32)}.e30`, 'c..AAAA', `c.${CHANNEL}.`])(
    'is refused when it carries something else: %j',
    (text) => {
      const { header } = sealed();
      const data = sealText(key, header, text, PAIR_SHAPE);
      expect(() => openForPair(key, header, data)).toThrow(BrokenSealError);
    },
  );

  it('is never read as an event to a circle, nor one to a circle as it', () => {
    const { header } = sealed();
    expect(() => openForPair(key, header, sealText(key, header, 'o.e30..A.A.A'))).toThrow(BrokenSealError);
  });
});

describe('what an outsider sees of events to one agency', () => {
  it('is the same for an offer, a grant and a word in a channel, to whomever they are', async () => {
    const { a, b, c } = await openSpecSealing(['a', 'b', 'c']);
    const words = SealingKey.make(systemRandomness);
    await a.openChannel(CHANNEL, 'b', words);
    for (const member of [b, c]) a.ring.holdMemberKey(CASE, member.agency, makeX25519Pair(systemRandomness).x);
    const seen = ['x', 'x'.repeat(500), 'x'.repeat(1800)].flatMap((text) =>
      [
        a.publish(ID, CASE, { to: 'b', under: 'offer-key' }, text),
        a.publish(ID, CASE, { to: 'c', under: 'offer-key' }, text),
        a.publish(ID, CASE, { to: 'b', under: 'member-key' }, text),
        a.publish(ID, CASE, { to: 'c', under: 'member-key' }, text),
        a.publish(ID, null, { to: 'b', under: 'channel', channelId: CHANNEL }, text),
      ].map(({ header, data }) => ({ ...header, data })),
    );
    expect(new Set(seen.map(({ data }) => data.length)).size).toBe(1);
    for (const { keyId, subject } of seen) {
      expect(keyId).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(subject).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(new Set(seen.map(({ subject }) => subject)).size).toBe(seen.length);
    expect(new Set(seen.map(({ keyId }) => keyId)).size).toBe(2); // one event id, two receivers
  });
});
