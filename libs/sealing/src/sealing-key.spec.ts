import { describe, expect, it } from '@jest/globals';
import { hkdfSync } from 'node:crypto';
import { KEY_AUDIENCES } from './audience.ts';
import { BrokenSealError } from './port.ts';
import { type Randomness, systemRandomness } from './randomness.ts';
import { openText } from './seal-format.ts';
import { makeCaseKeySet, SealingKey } from './sealing-key.ts';

const BYTES = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const KEY_ID = 'AJ4dXUSIUhoCRhTSxyYbQY2TBzzagtr9WFpPPp04fwg';
const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';

/** Sealed once, when the first format was settled. */
const SEALED_FIRST = [
  'zBGQY5w+pAMp/OQI/el44QHIhvT4cKC5A3eM4z865xitlD0vqeubFEKUVMFNUti5KHhb9qSjOqXvZvIyd18h5SfweUdzmP72XEKs8HNqtfee2jZMHeEpPK8L',
  '3AdfxYAozcZ/WmgbiqqYKJs8wjHYDEkMNbu7KZ2BSGcIy6jsOrrSdUkBZy08F8cmfbR31Z2lRdi2HGPrzIS5Rrtoy1mN7LaBiMHif/5FNnSeBFLb596nFS8W',
  'lA4LPT8ceaSRryBj2+DUNYxcPSW2lNH9/mPbP/zFrIDkLn9iFA1Q4I4H1p1dOddrY3ZiJP2wCifqD/zS9qiZU7K1oHkxkKRZWqQe9fNtuuHS0fyoF/v/aqIC',
  'FR4x3eQa8EWhpxMo5SI9csUfP38LaSo3jQ9RM2BarbMwxCqSsx6exh1sqJuLNc07wTTMtnkT32AfyNQD2qMgyuEKvTb/5QfSM2MqhJ6XR7LGYmrUb/OF5rZV',
  'gNVGoqZenoIQacmB3ErfsJIwVZg94NJ7GyHP2swPwc3cW6jV0ZLT0B/bd8+7++kLKx8UOsPQBzcPBZwM0AUAaG57yOqKcebQB6KE0uVP0CdGcKYFZVT+BfsW',
  'YbKPOXpYxJBIwlDXkCHKbXk8J+i5yQoBUBigWXsKAs7DrWArEC7/Aia7bO8+cAhln5wkclV42rIrGAUpHj+P4SI+7egc/Wf2BDq+qAjTb4ZJ/Is/Uav2/ZMa',
].join('');

/** Sealed once, when the second format was settled, under the subject `0123`. */
const SEALED_SECOND = [
  'Byt8x9VYVik3SOANjT4l0TBt4JqluhrNxUfYyCFGsB+PDS840NLpjUtqAMTP6zHvoFfoX/SIUOneVl4c1lY6lfzhKaK2qkCyortohXnlLhzD52Ci1R4IKHR2',
  '5OCSAF6bz6chb6pecwxKjtzQBQVk7uJkNg4ifRqNVimILlN/pofC19n8LCt8luMeN7jilVAwplRA36eEwr3Y8H7tm0CBoc6ug/FjyfWyAeO/EkffzoZ2pasX',
  'jbcwp6LEWE7buGFKy2Bps52oN5mJUU3hXsNhTTnNC1BEx9Bla+3M1s/igV8A14iCKtS3ToZXDBAigif6BZKStEDHSRcacpOYf1RtP4XaEXXvaAZWJz6051JN',
  'U9FxYmfVRoHKbkz5H+4rwkLqC8QQOGl1ofqI6zMEbU9fY6soa49fFKZldEq74x3AajfGSKb4dWI7NVo+/r+87PjNbPyMSdV/UXyjJjItPmT21Jf7w9jTmxR3',
  'K3H75iibzmRvoDV9DTTEcZitMyCMcZbLLjlUTT8B3pHJ4WyG8K5FYtJT5NdUTh/gOlWEqDxHc/lPZEDQH8lQwl2Dy09z02ugCyGem+DF3B1gcLGcVkeC/YTI',
  'FN8ZooIDqpIt2lUPLIEbW/8BpP1TgMb/OxlCSnZaYewDjG+FkD9Jf/RJrDByTRWNh8HO2Cv0xFjYb2Co3lfjQUFFwrBt6Hj15coAGnQuZ8H4PN6YUoMtLRgg',
  'wugkg2By3gTg6FIS',
].join('');

describe('a sealing key', () => {
  it('is named by a commitment that HKDF gives (RFC 5869)', () => {
    const label = JSON.stringify(['acogida', 'v1', 'key-commitment']);
    expect(new SealingKey(BYTES).keyId).toBe(KEY_ID);
    expect(KEY_ID).toBe(Buffer.from(hkdfSync('sha256', BYTES, '', label, 32)).toString('base64url'));
  });

  it.each([
    ['first', SEALED_FIRST, '00112233445566778899aabbccddeeff'],
    ['second', SEALED_SECOND, '0123'],
  ])('opens what was sealed when the %s format was settled', (_, sealed, subject) => {
    const [id, source] = ['7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11', 'cr-border-intake'];
    const header = { id, source, class: 'case', subject, keyId: KEY_ID };
    expect(openText(new SealingKey(BYTES).extracted, header, sealed)).toBe('{"place":"Paso Canoas – ñandú"}');
  });

  it('can be handed over as text, and is checked against the commitment that it was announced under', () => {
    const text = new SealingKey(BYTES).handOver();
    expect(text).toBe(BYTES.toString('base64url'));
    expect(SealingKey.received(text, KEY_ID).keyId).toBe(KEY_ID);
    expect(SealingKey.received(text).keyId).toBe(KEY_ID);
    expect(() => SealingKey.received(text, SealingKey.make(systemRandomness).keyId)).toThrow(BrokenSealError);
  });

  it.each(['', 'AAAA', `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`, 'A'.repeat(44), `${'A'.repeat(42)}/`])(
    'is not received from %j',
    (text) => {
      expect(() => SealingKey.received(text)).toThrow(BrokenSealError);
    },
  );

  it.each([0, 31, 33])('is not made of %i bytes', (length) => {
    expect(() => new SealingKey(Buffer.alloc(length))).toThrow(RangeError);
  });

  it('keeps its own copy of the bytes', () => {
    const bytes = Buffer.from(BYTES);
    const key = new SealingKey(bytes);
    bytes.fill(0);
    expect(key.handOver()).toBe(BYTES.toString('base64url'));
  });
});

describe('the keys of an epoch', () => {
  it('are one per audience, with one subject, none derived from another', () => {
    const sets = [makeCaseKeySet(CASE, 1, systemRandomness), makeCaseKeySet(CASE, 1, systemRandomness)];
    const names = sets.flatMap(({ keys }) => KEY_AUDIENCES.map((audience) => keys[audience].keyId));
    expect(new Set(names).size).toBe(8);
    expect(new Set(sets.map(({ subject }) => subject)).size).toBe(2);
    for (const { subject, caseId, epoch } of sets) {
      expect(subject).toMatch(/^[0-9a-f]{32}$/);
      expect({ caseId, epoch }).toEqual({ caseId: CASE, epoch: 1 });
    }
  });

  it('are the same again from the same chance', () => {
    const counting = (): Randomness => {
      let next = 0;
      return { bytes: (length) => Buffer.alloc(length, (next += 1)) };
    };
    const [one, other] = [makeCaseKeySet(CASE, 1, counting()), makeCaseKeySet(CASE, 1, counting())];
    expect(one.subject).toBe(other.subject);
    expect(one.keys.own.handOver()).toBe(other.keys.own.handOver());
  });
});
