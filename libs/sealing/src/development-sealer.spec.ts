import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { DevelopmentSealer } from './development-sealer.ts';
import { LARGEST_CLASS_BYTES } from './padding.ts';
import { BrokenSealError, MissingKeyError, type SealHeader } from './port.ts';

const secret = randomBytes(32);
const sealer = new DevelopmentSealer(secret);
const event = {
  id: '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11',
  source: 'cr-border-intake',
  class: 'case',
  caseId: '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01',
  text: '{"type":"CaseOpened","place":"Paso Canoas – ñandú 🛂"}',
};

function sealed(changes: Partial<typeof event> = {}): { header: SealHeader; data: string } {
  const input = { ...event, ...changes };
  const { subject, keyId, data } = sealer.seal(input);
  return { header: { id: input.id, source: input.source, class: input.class, subject, keyId }, data };
}

/** The same character class, another value. */
function altered(text: string, at: number): string {
  const replacement = text[at] === 'a' ? 'b' : 'a';
  return text.slice(0, at) + replacement + text.slice(at + 1);
}

describe('DevelopmentSealer', () => {
  it('opens exactly the text that was sealed, also in another process with the same secret', () => {
    const { header, data } = sealed();
    expect(sealer.open(header, data)).toBe(event.text);
    expect(DevelopmentSealer.fromBase64(`${secret.toString('base64')}\n`).open(header, data)).toBe(event.text);
  });

  it.each<[keyof SealHeader, (header: SealHeader) => string]>([
    ['id', (header) => altered(header.id, 3)],
    ['source', () => 'mx-comar'],
    ['class', () => 'referral'],
    ['subject', (header) => altered(header.subject, 5)],
    ['keyId', (header) => altered(header.keyId, header.keyId.length - 3)],
  ])('INV-17 a seal does not open under another %s', (field, change) => {
    const { header, data } = sealed();
    expect(() => sealer.open({ ...header, [field]: change(header) }, data)).toThrow(BrokenSealError);
  });

  it('does not open under the key of another event of the same case', () => {
    const first = sealed();
    const second = sealed({ id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4' });
    expect(first.header.keyId).toBe(second.header.keyId);
    expect(first.header.subject).toBe(second.header.subject);
    expect(() => sealer.open(first.header, second.data)).toThrow(BrokenSealError);
  });

  it.each([
    ['the nonce', 0],
    ['the ciphertext', 100],
    ['the tag', 536],
  ])('does not open when %s was changed', (_, at) => {
    const { header, data } = sealed();
    const bytes = Buffer.from(data, 'base64');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    expect(() => sealer.open(header, bytes.toString('base64'))).toThrow(BrokenSealError);
  });

  it.each([
    ['empty', ''],
    ['shorter than nonce and tag', 'AAAA'],
    ['not canonical base64', `${sealed().data}\n`],
  ])('does not open data that is %s', (_, data) => {
    expect(() => sealer.open(sealed().header, data)).toThrow(BrokenSealError);
  });

  it.each([
    [1, 508, 512],
    [509, 1020, 1024],
    [1021, 2044, 2048],
    [2045, 4092, 4096],
    [4093, 8188, 8192],
  ])('gives texts of %i to %i bytes one size', (shortest, longest, padded) => {
    const sizes = [shortest, longest].map((length) => sealed({ text: 'x'.repeat(length) }).data.length);
    expect(sizes).toEqual([4 * Math.ceil((padded + 40) / 3), 4 * Math.ceil((padded + 40) / 3)]);
  });

  it.each(['referral', 'consent', 'procedure'])('gives short and long words of class %s one size', (clearClass) => {
    const sizes = [1, 509, 1021, 2044].map((length) => {
      const { header, data } = sealed({ class: clearClass, text: 'x'.repeat(length) });
      expect(sealer.open(header, data)).toHaveLength(length);
      return data.length;
    });
    expect(new Set(sizes)).toEqual(new Set([4 * Math.ceil((2048 + 40) / 3)]));
  });

  it('refuses text beyond the largest size class', () => {
    expect(() => sealed({ text: 'x'.repeat(LARGEST_CLASS_BYTES - 4) })).not.toThrow();
    expect(() => sealed({ text: 'x'.repeat(LARGEST_CLASS_BYTES - 3) })).toThrow(
      expect.objectContaining({ code: 'SEALING.TEXT_TOO_LARGE', kind: 'invalid' }),
    );
  });

  it('never shows the case, and gives two agencies unlinkable subjects and keys', () => {
    const border = sealed();
    const asylum = sealed({ source: 'cr-refugee-unit' });
    expect(JSON.stringify(border)).not.toContain(event.caseId);
    expect(border.header.subject).toMatch(/^[0-9a-f]{32}$/);
    expect(border.header.subject).not.toBe(asylum.header.subject);
    expect(border.header.keyId).not.toBe(asylum.header.keyId);
  });

  it('seals the same text differently each time', () => {
    expect(sealed().data).not.toBe(sealed().data);
  });

  it('misses a key of an unknown generation: another secret, or an epoch not known here', () => {
    const { header, data } = sealed();
    expect(() => new DevelopmentSealer(randomBytes(32)).open(header, data)).toThrow(MissingKeyError);
    expect(() => sealer.open({ ...header, keyId: 'unknown' }, data)).toThrow(MissingKeyError);

    const later = new DevelopmentSealer(secret, { epoch: 2 });
    const rotated = later.seal(event);
    const rotatedHeader = { ...header, subject: rotated.subject, keyId: rotated.keyId };
    expect(rotated.subject).not.toBe(header.subject);
    expect(() => sealer.open(rotatedHeader, rotated.data)).toThrow(MissingKeyError);
    expect(later.open(rotatedHeader, rotated.data)).toBe(event.text);
    expect(later.open(header, data)).toBe(event.text);
  });

  it('opens nothing of another audience', () => {
    const { header, data } = sealed();
    expect(() => new DevelopmentSealer(secret, { audience: 'restricted' }).open(header, data)).toThrow(MissingKeyError);
  });

  it('refuses a secret of another length', () => {
    expect(() => DevelopmentSealer.fromBase64('c2hvcnQ=')).toThrow(RangeError);
  });
});
