import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, type JWK } from 'jose';
import { concatKdf, openJwe, writeJwe } from './jwe-ecdh-es.ts';
import { BrokenSealError } from './port.ts';
import { systemRandomness } from './randomness.ts';
import { agreedSecret, makeX25519Pair, usablePublicKey, x25519Pair, x25519PublicKey } from './x25519.ts';

const PARTIES = { sender: 'cr-border-intake', receiver: 'mx-comar' };
const TEXT = '{"type":"ReferralOffered","name":"ñandú 🛂"}';
const receiver = makeX25519Pair(systemRandomness);

function written(text = TEXT, parties = PARTIES): string {
  return writeJwe(receiver.publicKey, makeX25519Pair(systemRandomness), parties, text);
}

function headerOf(jwe: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwe.split('.')[0]!, 'base64url').toString('utf8')) as Record<string, unknown>;
}

async function writtenByJose(changes: Record<string, string> = {}, parties = PARTIES): Promise<string> {
  return new CompactEncrypt(Buffer.from(TEXT, 'utf8'))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', ...changes })
    .setKeyManagementParameters({ apu: Buffer.from(parties.sender), apv: Buffer.from(parties.receiver) })
    .encrypt(receiver.publicKey);
}

/** The envelope with one character of one of its five parts changed. */
function altered(jwe: string, part: number): string {
  const parts = jwe.split('.');
  const text = parts[part]!;
  parts[part] = `${text.slice(0, 4)}${text[4] === 'A' ? 'B' : 'A'}${text.slice(5)}`;
  return parts.join('.');
}

describe('a key envelope', () => {
  it('is read by jose', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(written(), receiver.privateKey);
    expect(Buffer.from(plaintext).toString('utf8')).toBe(TEXT);
    expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' });
  });

  it('is read when jose wrote it', async () => {
    expect(openJwe(await writtenByJose(), [receiver], PARTIES)).toEqual({ text: TEXT, key: receiver });
  });

  it('opens what was written when the format was settled', () => {
    const jwe = [
      'eyJhbGciOiJFQ0RILUVTIiwiYXB1IjoiWTNJdFltOXlaR1Z5TFdsdWRHRnJaUSIsImFwdiI6ImJYZ3RZMjl0WVhJIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6',
      'eyJjcnYiOiJYMjU1MTkiLCJrdHkiOiJPS1AiLCJ4Ijoia0pjRnNPZlJnWDIxYk55NG02TDZ1dFBwb0Jzc0k3eHo0LXlkbWlfNXVDYyJ9fQ',
      '..prVoW4Wnz2uEOf5d.ZkJqvw8a-ZAC_3od0BPjNPb_McnjdtDnhN4.5MOcTO-0Nc38TEseAnpBHw',
    ].join('');
    const pair = x25519Pair(Buffer.from(Array.from({ length: 32 }, (_, index) => index + 2)));
    expect(openJwe(jwe, [pair], PARTIES)?.text).toBe('{"type":"ReferralOffered"}');
  });

  it('names no key, and shows nothing but the two agencies and a key used once', () => {
    const [one, other] = [headerOf(written()), headerOf(written())];
    expect(Object.keys(one).sort()).toEqual(['alg', 'apu', 'apv', 'enc', 'epk']);
    expect(one['epk']).not.toEqual(other['epk']);
  });

  it('opens with whichever key it is to, and with no other', () => {
    const others = [makeX25519Pair(systemRandomness), makeX25519Pair(systemRandomness)];
    expect(openJwe(written(), [...others, receiver], PARTIES)).toEqual({ text: TEXT, key: receiver });
    expect(openJwe(written(), others, PARTIES)).toBeNull();
    expect(openJwe(written(), [], PARTIES)).toBeNull();
  });

  it('keeps any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(openJwe(written(text), [receiver], PARTIES)?.text).toBe(text);
      }),
    );
  });

  it.each([
    ['sender', { ...PARTIES, sender: 'cr-oij' }],
    ['receiver', { ...PARTIES, receiver: 'cr-oij' }],
  ])('does not open as one of another %s', (_, parties) => {
    expect(() => openJwe(written(), [receiver], parties)).toThrow(BrokenSealError);
  });

  it.each([
    ['nonce', 2],
    ['ciphertext', 3],
    ['tag', 4],
  ])('does not open when the %s was changed', (_, part) => {
    expect(openJwe(altered(written(), part), [receiver], PARTIES)).toBeNull();
  });

  it.each([
    ['a kid', () => writtenByJose({ kid: 'offers-1' })],
    ['another encryption', () => writtenByJose({ enc: 'A128GCM' })],
    ['a wrapped key', () => writtenByJose({ alg: 'ECDH-ES+A256KW' })],
    ['an empty sender', () => writtenByJose({}, { ...PARTIES, sender: '' })],
  ])('is refused with %s', async (_, write) => {
    const jwe = await write();
    expect(() => openJwe(jwe, [receiver], PARTIES)).toThrow(BrokenSealError);
  });

  it.each([
    '',
    'o',
    'a.b.c',
    '....',
    `e30..${'A'.repeat(16)}.AA.${'A'.repeat(22)}`,
    `bm8..${'A'.repeat(16)}.AA.${'A'.repeat(22)}`,
  ])('is refused when it is none: %j', (text) => {
    expect(() => openJwe(text, [receiver], PARTIES)).toThrow(BrokenSealError);
  });

  it('is neither written to nor read from a key that gives everybody the same secret', () => {
    const zero = x25519PublicKey(Buffer.alloc(32).toString('base64url'));
    expect(() => writeJwe(zero, makeX25519Pair(systemRandomness), PARTIES, TEXT)).toThrow(BrokenSealError);
    const [head, ...rest] = written().split('.');
    const header = JSON.parse(Buffer.from(head!, 'base64url').toString('utf8')) as { epk: { x: string } };
    header.epk.x = Buffer.alloc(32).toString('base64url');
    const jwe = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
    expect(() => openJwe(jwe, [receiver], PARTIES)).toThrow(BrokenSealError);
  });
});

describe('X25519', () => {
  /** RFC 8037 appendix A.6, whose keys are those of RFC 7748 §6.1. */
  const EPHEMERAL: JWK = {
    d: 'dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo',
    x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
  };
  const BOB_X = '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08';
  const SHARED = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';

  it('agrees on the secret of RFC 8037', () => {
    const pair = x25519Pair(Buffer.from(String(EPHEMERAL['d']), 'base64url'));
    expect(pair.x).toBe(EPHEMERAL.x);
    expect(agreedSecret(pair.privateKey, x25519PublicKey(BOB_X))?.toString('hex')).toBe(SHARED);
  });

  it('derives the key of RFC 7518 appendix C', () => {
    const secret = [158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218];
    const rest = [128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196];
    const party = { sender: Buffer.from('Alice'), receiver: Buffer.from('Bob') };
    const key = concatKdf(Buffer.from([...secret, ...rest]), 'A128GCM', party, 128);
    expect(key.toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg');
  });

  it.each(['', 'AAAA', `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`, `${'A'.repeat(42)}+`])(
    'takes no public key spelt %j',
    (x) => {
      expect(() => x25519PublicKey(x)).toThrow(RangeError);
    },
  );

  it.each([
    ['0', '00'.repeat(32)],
    ['1', `01${'00'.repeat(31)}`],
    ['of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['the other of order 8', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
    ['p - 1', `ec${'ff'.repeat(30)}7f`],
  ])('uses no point of low order: %s', (_, hex) => {
    expect(() => usablePublicKey(Buffer.from(hex, 'hex').toString('base64url'))).toThrow(RangeError);
  });

  it.each([0, 31, 33])('takes no private key of %i bytes', (length) => {
    expect(() => x25519Pair(Buffer.alloc(length))).toThrow(RangeError);
  });
});
