import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { HmacKey } from './hmac-key.ts';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Some longer than the block that most texts are hashed in. */
const text = fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom(0, 300, 1200)).map(([end, length]) => {
  return 'ñ'.repeat(length) + end;
});

describe('a key of HMAC', () => {
  it('gives the HMAC-SHA256 that Node gives, of texts and of bytes', () => {
    fc.assert(
      fc.property(bytes, text, fc.constantFrom('hex', 'binary', 'base64url'), (key, message, encoding) => {
        const expected = createHmac('sha256', key).update(message, 'utf8').digest(encoding);
        expect(new HmacKey(key).digest(message, encoding)).toBe(expected);
        expect(new HmacKey(key).digestOf(Buffer.from(message, 'utf8'), encoding)).toBe(expected);
      }),
    );
  });

  it('is not mixed up with the one used before it', () => {
    const [one, other] = [new HmacKey(Buffer.alloc(32, 1)), new HmacKey(Buffer.alloc(32, 2))];
    const first = one.digest('a longer text', 'hex');
    other.digest('a text', 'hex');
    expect(one.digest('a longer text', 'hex')).toBe(first);
    expect([one.equals(new HmacKey(Buffer.alloc(32, 1))), one.equals(other)]).toEqual([true, false]);
  });

  it('keeps its own copy of the bytes', () => {
    const given = Buffer.alloc(32, 7);
    const key = new HmacKey(given);
    given.fill(0);
    expect(key.equals(new HmacKey(Buffer.alloc(32, 7)))).toBe(true);
  });

  it.each([0, 31, 33, 64])('is not made of %i bytes', (length) => {
    expect(() => new HmacKey(Buffer.alloc(length))).toThrow(RangeError);
  });
});
