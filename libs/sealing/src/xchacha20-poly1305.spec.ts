import { describe, expect, it } from '@jest/globals';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { AROUND_BYTES, decryptRoom, encryptRoom, roomFor } from './xchacha20-poly1305.ts';

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const anyBytes = fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes));

function encrypted(key: Buffer, associated: Buffer, plain: Buffer): Buffer {
  const room = roomFor(plain.length);
  plain.copy(room.plain);
  return encryptRoom(key, associated, room);
}

describe('XChaCha20-Poly1305 in one buffer', () => {
  it('opens the test vector of draft-irtf-cfrg-xchacha-03, A.3.1', () => {
    const sealed = Buffer.from(
      [
        '404142434445464748494a4b4c4d4e4f5051525354555657',
        'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39',
        'ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9',
        '21f9664c97637da9768812f615c68b13b52e',
        'c0875924c1c7987947deafd8780acf49',
      ].join(''),
      'hex',
    );
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index));
    const opened = decryptRoom(key, Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex'), sealed);
    expect(opened?.toString('ascii')).toBe(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
  });

  it('writes what another implementation reads, and reads it itself', () => {
    fc.assert(
      fc.property(key32, anyBytes, anyBytes, (key, associated, plain) => {
        const whole = encrypted(key, associated, plain);
        expect(whole).toHaveLength(plain.length + AROUND_BYTES);
        const other = xchacha20poly1305(key, whole.subarray(0, 24), associated).decrypt(whole.subarray(24));
        expect(Buffer.from(other).equals(plain)).toBe(true);
        expect(decryptRoom(key, associated, Buffer.from(whole))).toEqual(plain);
      }),
    );
  });

  it('opens with no bit changed, and with no other key or associated data', () => {
    const [key, associated] = [Buffer.alloc(32, 1), Buffer.from('place')];
    const whole = encrypted(key, associated, Buffer.from('text'));
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const changed = Buffer.from(whole);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(decryptRoom(key, associated, changed)).toBeNull();
    }
    expect(decryptRoom(Buffer.alloc(32, 2), associated, Buffer.from(whole))).toBeNull();
    expect(decryptRoom(key, Buffer.from('Place'), Buffer.from(whole))).toBeNull();
    expect(decryptRoom(key, associated, whole.subarray(0, AROUND_BYTES - 1))).toBeNull();
  });

  it('draws another nonce each time', () => {
    const [key, nothing] = [Buffer.alloc(32, 1), Buffer.alloc(0)];
    const nonces = Array.from({ length: 1_000 }, () => encrypted(key, nothing, nothing).toString('hex', 0, 24));
    expect(new Set(nonces).size).toBe(nonces.length);
  });
});
