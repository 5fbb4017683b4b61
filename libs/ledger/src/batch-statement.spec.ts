import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BatchStatement,
  decodeStatement,
  encodeStatement,
  signedBytes,
  type SignedStatement,
  signStatement,
  verifyStatement,
} from './batch-statement.ts';
import { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
import { EMPTY_ROOT, leafHash } from './merkle.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const statement: BatchStatement = {
  agency: 'cr-border-intake',
  incarnation: 1,
  first: 8,
  last: 12,
  batchRoot: leafHash('batch'),
  treeSize: 12,
  treeHead: leafHash('head'),
  keyId: 'key-1',
};

function codeOf(work: () => unknown): LedgerErrorCode | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof LedgerError ? error.code : undefined;
  }
  return undefined;
}

describe('a signed statement', () => {
  it('signs a line that names the format and the canonical JSON', () => {
    expect(signedBytes({ ...statement, batchRoot: EMPTY_ROOT, treeHead: EMPTY_ROOT }).toString()).toBe(
      `acogida.batch-statement.v1\n{"agency":"cr-border-intake","batchRoot":"${EMPTY_ROOT}","first":8,` +
        `"incarnation":1,"keyId":"key-1","last":12,"treeHead":"${EMPTY_ROOT}","treeSize":12}`,
    );
  });

  it('is the same text for the same key and statement', () => {
    const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
    const fixed = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
    const signed = signStatement(fixed, statement);
    expect(signStatement(fixed, { ...statement })).toEqual(signed);
    expect(signed.signature).toMatch(/^[\w-]{86}$/);
    expect(verifyStatement(createPublicKey(fixed), signed)).toEqual(statement);
  });

  it('verifies with its key and gives back the statement', () => {
    expect(verifyStatement(publicKey, signStatement(privateKey, statement))).toEqual(statement);
  });

  it('does not verify with another key', () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(codeOf(() => verifyStatement(other, signStatement(privateKey, statement)))).toBe('SIGNATURE_INVALID');
  });

  it.each<[string, Partial<BatchStatement>]>([
    ['agency', { agency: 'mx-comar' }],
    ['incarnation', { incarnation: 2 }],
    ['first', { first: 9 }],
    ['last', { last: 11 }],
    ['batchRoot', { batchRoot: leafHash('other') }],
    ['treeSize', { treeSize: 13 }],
    ['treeHead', { treeHead: leafHash('other') }],
    ['keyId', { keyId: 'key-2' }],
  ])('does not verify with another %s', (_field, change) => {
    const { signature } = signStatement(privateKey, statement);
    const forged = { signature, statement: { ...statement, ...change } };
    expect(codeOf(() => verifyStatement(publicKey, forged))).toBe('SIGNATURE_INVALID');
  });

  it('does not verify with any altered bit or spelling of the signature', () => {
    const signed = signStatement(privateKey, statement);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
        const bytes = Buffer.from(signed.signature, 'base64url');
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        const forged = { ...signed, signature: bytes.toString('base64url') };
        expect(codeOf(() => verifyStatement(publicKey, forged))).toBe('SIGNATURE_INVALID');
      }),
    );
    for (const signature of ['', `${signed.signature}==`, ` ${signed.signature}`, signed.signature.slice(1)]) {
      expect(codeOf(() => verifyStatement(publicKey, { ...signed, signature }))).toBe('SIGNATURE_INVALID');
    }
  });

  it('may repeat the head with a batch that holds nothing', () => {
    const heartbeat = { ...statement, first: 13, last: 12, batchRoot: EMPTY_ROOT };
    expect(verifyStatement(publicKey, signStatement(privateKey, heartbeat))).toEqual(heartbeat);
  });

  it.each<[string, object]>([
    ['an agency without name', { agency: '' }],
    ['a key without name', { keyId: '' }],
    ['a name with half a character', { keyId: 'a\ud800' }],
    ['incarnation 0', { incarnation: 0 }],
    ['numbers from 0', { first: 0 }],
    ['a batch that ends before it begins', { first: 14 }],
    ['a fraction', { last: 12.5 }],
    ['a tree smaller than the batch', { treeSize: 4 }],
    ['a root that is no hash', { batchRoot: 'x' }],
    ['a head that is no hash', { treeHead: leafHash('head').toUpperCase() }],
    ['an empty batch with a root', { first: 13, last: 12 }],
    ['a number as text', { treeSize: '12' }],
    ['one field more', { note: 'x' }],
    ['one field less', { keyId: undefined }],
  ])('cannot be made of %s', (_case, change) => {
    const wrong = { ...statement, ...change };
    expect(codeOf(() => signStatement(privateKey, wrong))).toBe('STATEMENT_MALFORMED');
    expect(codeOf(() => verifyStatement(publicKey, { statement: wrong, signature: '' }))).toBe('STATEMENT_MALFORMED');
  });
});

describe('a signed statement as text', () => {
  const signed: SignedStatement = signStatement(privateKey, statement);

  it('comes back as it was', () => {
    expect(decodeStatement(encodeStatement(signed))).toEqual(signed);
  });

  it.each<[string, (text: string) => string]>([
    ['no JSON', () => '{'],
    ['null', () => 'null'],
    ['another shape', () => '{"signature":"x"}'],
    ['a signature with half a character', (text) => text.replace('"signature":"', String.raw`"signature":"\ud800`)],
    ['a signature that is no text', (text) => text.replace(/"signature":"[^"]*"/, '"signature":1')],
    [
      'another order of keys',
      (text) => `{"statement":${JSON.stringify(statement)},${text.slice(1, text.indexOf(',"st'))}}`,
    ],
    ['white space', (text) => `${text} `],
    ['one key more', (text) => text.replace('{', '{"extra":1,')],
  ])('is not %s', (_case, change) => {
    expect(codeOf(() => decodeStatement(change(encodeStatement(signed))))).toBe('STATEMENT_MALFORMED');
  });
});
