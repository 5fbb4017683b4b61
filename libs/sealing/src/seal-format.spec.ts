import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { createCipheriv, createSecretKey, hkdfSync } from 'node:crypto';
import { DevelopmentSealer } from './development-sealer.ts';
import { expandKey, extractKey } from './hkdf.ts';
import { padInto } from './padding.ts';
import { associatedData, openText } from './seal-format.ts';

const SECRET = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const EVENT = {
  id: '7c0f2a5e-4f35-4f0e-9a52-0d2a1d3a6c11',
  source: 'cr-border-intake',
  class: 'case',
  caseId: '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01',
  text: '{"place":"Paso Canoas – ñandú"}',
};

/** Sealed once, when the format was settled. Nothing that is on a log may ever become unreadable. */
const SEALED = [
  {
    sealer: new DevelopmentSealer(SECRET),
    subject: '02e26c66b1b2ee49a4eb2c5830c21027',
    keyId: 'HkpFfLHH.XLGpLD1SwWbStmfxkT7EEGjO9YFWDcbvMN2yAPehG5M',
    data: [
      'CSzszjV2iuKGUs4G0w4YT1peTvgSJJ+li1kqlmIB10BQXkjFxNPrd8Mtza9T34zDHpKlxP8qwatXGpbnK9mnbubkJhHJsdwek79E',
      'EeXTmPMRTn1Ny239Y+GB0z956Y60fRX9cnO8jRpbguERk1t1wm1Bw9duTehYXpHisyfcsZ4PiqBcps1YW8XIdBeE3EtP28ycAKGW',
      '1SI2EshMdIFangzCV5Zy9V8AS5HZ5PaH7TY20VwQapXwVKdvlGBXtRKsoZY+fwRdekzuP/tKSUZyFFt9oSyqoo9YBVHVc0BvG10O',
      'EEybeN3DAUy+j+0H8zPFs1F7L4585Xe0JKc5umUJKAlx2TJxDNXEYcmpD+tg0lMuwplcmDFqPmxSnKao7LRxs5ncMiUxZG6VRh3y',
      'AguVzLvh1u39VLiyX4RlTCWgPTI47yUBtG/OTGVzwWdLdxfHqo+/rsXxAXR2fWbhkdzov8BFjRd6vf0nWLn8pwDCwvh5CnmhnJUm',
      'mSEVJ6zKxnEsWeRT2WQ+8+t/ETzEClf6rOqf0PyhQlYWQF1bLlf1iHf5TZRHsGNjkCNJXtIA7tjI1NZois9XJ2B6h+mpr+tioyiO',
      '+9Lf8leIOStYEwiCXwuLi1nRYmXqyKy6chP7hbrYZGPpHlC//I3qXVdCrPhx5kWbQ9qCqivZE8Jzrl6qVoWNcwQ/sV1XbJmle3of',
      'BrL+RdQvGd1/A9VNsq2Z',
    ].join(''),
  },
  {
    sealer: new DevelopmentSealer(SECRET, { epoch: 2, audience: 'restricted' }),
    subject: 'f90a5bf1e1e890585cace67b1a311380',
    keyId: 'GyfSA9La.Vh0KKzHbkj5gDpHTjqQd3qr-isTLCoBJBmgUqjBF5Eg',
    data: [
      'ATxQdSy4gT2M5onlk6PD8IJJ6oKU6jzFSllEYkx1mxmmmel20AR7wmzH/v3hqnllsPEGLTQ8i9dj7qIkiVqwWOs0b9PvHai0DD24',
      '+rarK7nSHHWrJRpRFM+u/4p6MtYbxxDXHLN5BL+mizYp7QBy1XGo4IYIo3bjSEdYKEJpPo5WEwrkcWsORd8wxWhT+oia2FUl8TzB',
      'QCv12/SWk+FbW1MafE3iKKKnyFsTLsiURtTOhB7BMCKF51obQsP7brtf3GCHubI/iWxpJbUBexTOXD01d57FB2YVRK1apfoSzIWy',
      'TFZtb0/Xd9IMhZElfo7bWe21qGuH2WD2ucQ5V+hNfpjWazhRbRYhsJc3XeHT+JwgiPQ+ZSaqtoqKB+nblwVlCJl9OqEL6JLEX0XX',
      'lhnN4PaOuOEf6KsXPxZhHMJ3F6jnxY/e4NWYo5n1ZZXCdXeB7pVOZUzuaYY27FwzJGjGdkDadXEmh1HHy+fWetbQi9WLri18oBx8',
      'kJ09PLrV+RyVryWjluqhXKLW/GOx1eMqAQq50p4dKVKcbVR9zciRVXUV7v9wXhYjQQ88+TAWr8p0Gge7sA6NWt1/DudcQ1/tjrPX',
      '8HZPZkB/NblVE6AQDd/H6Udfoc6D8Ice1uKzI+GRCuPeVgB9VEM+c5+Di43PlwHlI7UPzlol7j+iNPTJmpmbJmSsqGpyS0vBYg+d',
      'kjLDJinj5DvNX18blAjU',
    ].join(''),
  },
];

describe('the seal format', () => {
  it.each(SEALED)(
    'opens what was sealed before, under the same subject and key id: $keyId',
    ({ sealer, data, ...known }) => {
      const { id, source, class: clearClass, text } = EVENT;
      expect(sealer.open({ id, source, class: clearClass, ...known }, data)).toBe(text);
      const again = sealer.seal(EVENT);
      expect({ subject: again.subject, keyId: again.keyId }).toEqual(known);
      const longerNonce = 16; // in characters: 24 bytes instead of 12
      expect(again.data).toHaveLength(data.length + longerNonce);
    },
  );

  it('never uses a nonce twice', () => {
    const sealer = new DevelopmentSealer(SECRET);
    const nonces = Array.from({ length: 1_000 }, () => sealer.seal(EVENT).data.slice(0, 32));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('opens what was sealed before classes had sizes of their own', () => {
    const key = extractKey(Buffer.alloc(32, 5));
    const header = { id: EVENT.id, source: EVENT.source, class: 'referral', subject: 'subject', keyId: 'key' };
    const eventKey = createSecretKey(expandKey(key, ['acogida', 'v1', 'event-key', EVENT.id]));
    const [nonce, padded] = [Buffer.alloc(12, 3), Buffer.alloc(512)];
    padInto(padded, EVENT.text);
    const cipher = createCipheriv('aes-256-gcm', eventKey, nonce);
    cipher.setAAD(Buffer.from(associatedData(header)));
    const sealed = [nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()];
    expect(openText(key, header, Buffer.concat(sealed).toString('base64'))).toBe(EVENT.text);
  });

  it('binds the canonical text of the header', () => {
    const text = fc.string({ unit: 'grapheme' });
    const header = fc.record({ id: text, source: text, class: text, subject: text, keyId: text });
    fc.assert(
      fc.property(header, (one) => {
        expect(associatedData(one)).toBe(canonicalize(one));
      }),
    );
  });
});

describe('HKDF in two steps', () => {
  it('is the HKDF-SHA256 of RFC 5869 without salt', () => {
    const label = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()), { maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), label, fc.integer({ min: 1, max: 32 }), (secret, info, bytes) => {
        const expected = hkdfSync('sha256', secret, new Uint8Array(0), JSON.stringify(info), bytes);
        expect(expandKey(extractKey(secret), info, bytes)).toEqual(Buffer.from(expected));
      }),
    );
  });

  it('gives no more than one block', () => {
    expect(() => expandKey(extractKey(SECRET), ['label'], 33)).toThrow(RangeError);
  });
});
