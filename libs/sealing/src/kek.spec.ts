import { describe, expect, it } from '@jest/globals';
import { Kek } from './kek.ts';
import { SecretBytes } from './secret-bytes.ts';

const KEY_ID = 'AJ4dXUSIUhoCRhTSxyYbQY2TBzzagtr9WFpPPp04fwg';
const PLACE = { table: 'case_key', rowId: KEY_ID };
const counted = (from: number): SecretBytes =>
  new SecretBytes(Buffer.from(Array.from({ length: 32 }, (_, index) => index + from)));

describe('a key-encryption key', () => {
  const kek = new Kek(3, 1, counted(4));

  it('unwraps what was wrapped when the format was settled', () => {
    const wrapped = 'oPCXky0cAyMM/ouCw0y7H03tfC6GIGs3aoUO3nHaLjtCc+VKJ4+aA/F7PUrg5vW6OFUUcOvjLg/elyCksAsSty76mbzYFXBV';
    expect(kek.unwrap(PLACE, Buffer.from(wrapped, 'base64'))?.expose()).toEqual(counted(0).expose());
  });

  it('unwraps what it wrapped by AES-256-GCM, and nothing else by it', () => {
    const wrapped = 'fSwAwTQm2SWV7A7Atjr8QSw2IJ4V2pQGsk/UJzeVF88VAfsPRfApvHjXkjyOHxK1pnSTeHhPAHKvRGxP';
    expect(kek.unwrap(PLACE, Buffer.from(wrapped, 'base64'))?.expose()).toEqual(counted(0).expose());
    expect(kek.unwrap({ ...PLACE, rowId: 'another' }, Buffer.from(wrapped, 'base64'))).toBeNull();
  });

  it('leaves what it unwraps as it is', () => {
    const wrapped = kek.wrap(PLACE, counted(0));
    const before = Buffer.from(wrapped);
    kek.unwrap(PLACE, wrapped);
    expect(wrapped).toEqual(before);
  });

  it.each([
    ['another generation', new Kek(4, 1, counted(4)), PLACE],
    ['another key', new Kek(3, 1, counted(5)), PLACE],
    ['another table', kek, { ...PLACE, table: 'channel' }],
    ['another row', kek, { ...PLACE, rowId: 'another' }],
  ])('does not unwrap with %s', (_, other, place) => {
    expect(other.unwrap(place, kek.wrap(PLACE, counted(0)))).toBeNull();
  });

  it.each([0, 16, 33])('is not made of %i bytes', (length) => {
    expect(() => new Kek(1, 1, new SecretBytes(Buffer.alloc(length)))).toThrow(RangeError);
  });

  it.each([0, 28, 39, 40, 71])('does not unwrap %i bytes', (length) => {
    expect(kek.unwrap(PLACE, kek.wrap(PLACE, counted(0)).subarray(0, length))).toBeNull();
  });
});
