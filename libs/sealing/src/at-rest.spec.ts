import { describe, expect, it } from '@jest/globals';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { hkdfSync } from 'node:crypto';
import { type AtRestPlace, keyIdAtRest, protectEvent, protectText, revealEvent, revealText } from './at-rest.ts';
import { BrokenSealError } from './port.ts';
import { systemRandomness } from './randomness.ts';
import { SealingKey } from './sealing-key.ts';

const ID = '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11';
const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const AT = '2026-11-22T09:00:00.000Z';
const EVENT = {
  use: 'event',
  id: ID,
  stream: 'first-contact-1',
  version: 3,
  schemaVersion: 1,
  recordedAt: AT,
} as const;
const key = SealingKey.make(systemRandomness);

describe('a text at rest', () => {
  it('is exactly what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const kept = protectText(key, EVENT, text);
        expect(revealText(key, EVENT, kept)).toBe(text);
        expect(keyIdAtRest(kept)).toBe(key.keyId);
      }),
    );
  });

  it.each([
    ['first', '~1.$.OITfAn34/iLWOSy9UPN5ZhGXXadCm2QudT6Y4vYzA/L6xSd9mtiqgCXPUoT4Xw=='],
    ['second', '~2.$.YByTWCaMdTHuEXx5HqnUOk7Sf/7vT/8lXmKxTLV+GiUnx/lvJZ+WZcFf3cyTv1Z6cnHm36Q7xEl55w=='],
  ])('is opened as it was written when the %s form was settled', (_, written) => {
    const settled = new SealingKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    const kept = written.replace('$', settled.keyId);
    expect(keyIdAtRest(kept)).toBe(settled.keyId);
    expect(revealText(settled, EVENT, kept)).toBe('{"note":"ñandú"}');
  });

  it('is XChaCha20-Poly1305 under a key for this use alone, bound to its place', () => {
    const kept = Buffer.from(protectText(key, EVENT, 'text').slice(47), 'base64');
    const own = hkdfSync('sha256', key.secret.expose(), '', JSON.stringify(['acogida', 'v2', 'at-rest']), 32);
    const place = JSON.stringify(['acogida', 'v2', 'at-rest', 'event', ID, EVENT.stream, EVENT.version]);
    const cipher = xchacha20poly1305(new Uint8Array(own), kept.subarray(0, 24), Buffer.from(place));
    expect(Buffer.from(cipher.decrypt(kept.subarray(24))).toString()).toBe('text');
  });

  const PLACES: readonly AtRestPlace[] = [
    EVENT,
    { ...EVENT, id: CASE },
    { ...EVENT, stream: 'first-contact-2' },
    { ...EVENT, version: 4 },
    { use: 'reply', key: ID },
    { use: 'job', id: ID },
    { use: 'vault', caseId: CASE, field: 'NAME', version: 3 },
    { use: 'vault', caseId: CASE, field: 'CONTACT', version: 3 },
    { use: 'vault', caseId: CASE, field: 'NAME', version: 4 },
    { use: 'vault', caseId: ID, field: 'first-contact-1', version: 3 },
  ];

  it.each(PLACES.map((place, index) => [JSON.stringify(place), place, index] as const))(
    'INV-17 opens in its place only: %s',
    (_, place, index) => {
      const kept = protectText(key, place, 'text');
      const opening = PLACES.filter((other) => opens(() => revealText(key, other, kept)));
      expect(opening).toEqual([PLACES[index]]);
    },
  );

  it('does not open under another key, nor under another name of the key', () => {
    const other = SealingKey.make(systemRandomness);
    const kept = protectText(key, EVENT, 'text');
    expect(() => revealText(other, EVENT, kept)).toThrow(BrokenSealError);
    expect(() => revealText(other, EVENT, kept.replace(key.keyId, other.keyId))).toThrow(BrokenSealError);
  });

  it.each([
    ['changed', (kept: string) => `${kept.slice(0, 60)}${kept[60] === 'A' ? 'B' : 'A'}${kept.slice(61)}`],
    ['cut off', (kept: string) => kept.slice(0, 64)],
    ['empty', (kept: string) => kept.slice(0, 47)],
    ['said to be of the first form', (kept: string) => kept.replace('~2', '~1')],
    ['of a form that is not known', (kept: string) => kept.replace('~2', '~3')],
  ])('does not open when it was %s', (_, change) => {
    expect(() => revealText(key, EVENT, change(protectText(key, EVENT, 'a longer text')))).toThrow(BrokenSealError);
  });

  it('names no key when it is a plain one', () => {
    expect(keyIdAtRest('{"type":"CaseOpened"}')).toBeNull();
  });

  it('is different each time', () => {
    expect(protectText(key, EVENT, 'text')).not.toBe(protectText(key, EVENT, 'text'));
  });
});

describe('an event at rest', () => {
  it('is exactly what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(revealEvent(key, EVENT, protectEvent(key, EVENT, text))).toBe(text);
      }),
    );
  });

  it.each([1, 200, 10_900, 11_000, 60_000, 120_000])(
    'is what it was with %i letters of three bytes, many in a row',
    (length) => {
      const texts = Array.from({ length: 40 }, (_, index) => `${index}${'漢'.repeat(length)}`);
      const kept = texts.map((text) => protectEvent(key, EVENT, text));
      expect(kept.map((one) => revealEvent(key, EVENT, one))).toEqual(texts);
    },
  );

  it('is opened as it was written when its form was settled', () => {
    const settled = new SealingKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    const written = 'A3Pbc4l03kN4XJYIbuqGc+FGtSjsV34G9Me0k7WsCSfV2zbK0BMEkjm53Wl4PgT8GpjUWk8t8lCqMXs=';
    expect(revealEvent(settled, EVENT, Buffer.from(written, 'base64'))).toBe('{"note":"ñandú"}');
  });

  it('is a byte for its form, and XChaCha20-Poly1305 under the key for this use, bound to all that its row says in clear', () => {
    const kept = protectEvent(key, EVENT, 'text');
    const own = hkdfSync('sha256', key.secret.expose(), '', JSON.stringify(['acogida', 'v2', 'at-rest']), 32);
    const place = ['acogida', 'v3', 'at-rest', 'event', ID, EVENT.stream, EVENT.version, EVENT.schemaVersion, AT];
    const cipher = xchacha20poly1305(new Uint8Array(own), kept.subarray(1, 25), Buffer.from(JSON.stringify(place)));
    expect([kept[0], Buffer.from(cipher.decrypt(kept.subarray(25))).toString()]).toEqual([3, 'text']);
  });

  it.each([
    ['id', { ...EVENT, id: CASE }],
    ['stream', { ...EVENT, stream: 'first-contact-2' }],
    ['version', { ...EVENT, version: 4 }],
    ['schema version', { ...EVENT, schemaVersion: 2 }],
    ['time', { ...EVENT, recordedAt: '2026-11-22T09:00:00.001Z' }],
  ])('INV-17 does not open beside another %s', (_, place) => {
    expect(() => revealEvent(key, place, protectEvent(key, EVENT, 'text'))).toThrow(BrokenSealError);
  });

  it('does not open under another key, nor as a text', () => {
    const kept = protectEvent(key, EVENT, 'text');
    expect(() => revealEvent(SealingKey.make(systemRandomness), EVENT, kept)).toThrow(BrokenSealError);
    expect(() => revealText(key, EVENT, `~2.${key.keyId}.${kept.toString('base64')}`)).toThrow(BrokenSealError);
    expect(() => revealText(key, EVENT, `~2.${key.keyId}.${kept.toString('base64', 1)}`)).toThrow(BrokenSealError);
  });

  it.each([
    [
      'changed',
      (kept: Buffer) => Buffer.concat([kept.subarray(0, 30), Buffer.of((kept[30] ?? 0) ^ 1), kept.subarray(31)]),
    ],
    ['cut off', (kept: Buffer) => kept.subarray(0, 40)],
    ['cut to its form', (kept: Buffer) => kept.subarray(0, 1)],
    ['empty', () => Buffer.alloc(0)],
    ['of a form that is not known', (kept: Buffer) => Buffer.concat([Buffer.of(4), kept.subarray(1)])],
  ])('does not open when it was %s', (_, change) => {
    expect(() => revealEvent(key, EVENT, change(protectEvent(key, EVENT, 'a longer text')))).toThrow(BrokenSealError);
  });

  it('is different each time, in as many bytes as it must have', () => {
    const [one, other] = [protectEvent(key, EVENT, 'ñandú'), protectEvent(key, EVENT, 'ñandú')];
    expect(one.equals(other)).toBe(false);
    expect([one.length, other.length]).toEqual([1 + 24 + 7 + 16, 1 + 24 + 7 + 16]);
  });
});

function opens(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch {
    return false;
  }
}
