import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keysOf } from '../testing/trust-network.ts';
import { isEd25519Point, isPublicKeys, isX25519Point } from './public-keys.ts';

/** Points of small order on both curves, little-endian, each in all its spellings (RFC 7748 §6.1, RFC 8032 §5.1.3). */
const SMALL_ORDER_ED25519 = [
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ec${'ff'.repeat(31)}`,
  `ed${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(31)}`,
  `ee${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];
const SMALL_ORDER_X25519 = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];

function point(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

describe('a point to sign with', () => {
  it.each(SMALL_ORDER_ED25519)('is not %s, with which anybody can sign', (hex) => {
    expect(isEd25519Point(point(hex))).toBe(false);
  });

  it.each([`ef${'ff'.repeat(30)}7f`, `ff${'ff'.repeat(31)}`])('is not %s, a second spelling of another', (hex) => {
    expect(isEd25519Point(point(hex))).toBe(false);
  });

  it('is one that a new key pair has', () => {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    expect(isEd25519Point(x)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['of 31 bytes', point('aa'.repeat(31))],
    ['of 33 bytes', point('aa'.repeat(33))],
    ['in another spelling', `${point('aa'.repeat(32))}=`],
    ['with bits after its end', `${point('aa'.repeat(32)).slice(0, -1)}r`],
    ['in hexadecimal', 'aa'.repeat(32)],
    ['a number', 7],
    ['missing', undefined],
  ])('is not one %s', (_what, x) => {
    expect(isEd25519Point(x)).toBe(false);
    expect(isX25519Point(x)).toBe(false);
  });
});

describe('a point to seal to', () => {
  it.each(SMALL_ORDER_X25519)('is not %s, with which all share one secret', (hex) => {
    expect(isX25519Point(point(hex))).toBe(false);
  });

  it.each([`ef${'ff'.repeat(30)}7f`, `09${'00'.repeat(30)}80`])('is not %s, a second spelling of another', (hex) => {
    expect(isX25519Point(point(hex))).toBe(false);
  });

  it('is one that a new key pair has', () => {
    const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
    expect(isX25519Point(x)).toBe(true);
  });
});

describe('the keys of an agency', () => {
  const keys = keysOf('cr-border-intake.1');

  it('are three', () => {
    expect(isPublicKeys(keys)).toBe(true);
  });

  it.each<[string, object]>([
    ['without one', { sealing: undefined }],
    ['with one more', { other: keys.signing }],
    ['of which two are one', { transport: { ...keys.transport, x: keys.signing.x } }],
    ['of which two have one name', { transport: { ...keys.transport, keyId: keys.signing.keyId } }],
    ['with a name that has a space', { transport: { ...keys.transport, keyId: 'a b' } }],
    ['with a name that is too long', { transport: { ...keys.transport, keyId: 'a'.repeat(101) } }],
    ['with a private part', { signing: { ...keys.signing, d: keys.signing.x } }],
    ['with a signing key for everybody', { signing: { ...keys.signing, x: point(`01${'00'.repeat(31)}`) } }],
    ['with a transport key for everybody', { transport: { ...keys.transport, x: point('00'.repeat(32)) } }],
    ['with a sealing key for everybody', { sealing: { ...keys.sealing, x: point('00'.repeat(32)) } }],
  ])('are not any %s', (_what, change) => {
    expect(isPublicKeys({ ...keys, ...change })).toBe(false);
  });
});
