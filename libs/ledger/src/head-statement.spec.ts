import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodeStatement } from './batch-statement.ts';
import { decodeHead, encodeHead, type HeadStatement, signHead, verifyHead } from './head-statement.ts';
import { EMPTY_ROOT, leafHash } from './merkle.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const head: HeadStatement = {
  agency: 'cr-border-intake',
  incarnation: 1,
  number: 12,
  treeSize: 12,
  treeHead: leafHash('head'),
  keyId: 'key-1',
  signedAt: '2026-11-22T09:00:00.000Z',
  sequence: 7,
};

describe('a signed head', () => {
  it('verifies with its key and comes back from its text', () => {
    const signed = signHead(privateKey, head);
    expect(verifyHead(publicKey, decodeHead(encodeHead(signed)))).toEqual(head);
  });

  it('does not verify when anything was changed', () => {
    const signed = signHead(privateKey, head);
    const changed = { ...signed, statement: { ...head, sequence: 8 } };
    expect(() => verifyHead(publicKey, changed)).toThrow('not one of this key');
  });

  it('is signed under its own domain: the bare text signed is no head', () => {
    const text = encodeHead(signHead(privateKey, head));
    const { statement } = JSON.parse(text) as { statement: HeadStatement };
    const signature = sign(null, Buffer.from(JSON.stringify(statement)), privateKey).toString('base64url');
    expect(() => verifyHead(publicKey, { statement, signature })).toThrow('not one of this key');
  });

  it.each<[string, Partial<Record<keyof HeadStatement, unknown>>]>([
    ['a tree of another size', { treeSize: 11 }],
    ['a tree without events that has a head', { number: 0, treeSize: 0 }],
    ['no sequence', { sequence: 0 }],
    ['an instant that is none', { signedAt: '2026-02-30T09:00:00.000Z' }],
    ['another field', { first: 1 } as object],
  ])('is refused with %s', (_case, change) => {
    expect(() => signHead(privateKey, { ...head, ...change } as HeadStatement)).toThrow('not a statement');
  });

  it('may stand before the first event', () => {
    const first = { ...head, number: 0, treeSize: 0, treeHead: EMPTY_ROOT };
    expect(verifyHead(publicKey, signHead(privateKey, first))).toEqual(first);
  });

  it('is not read from a batch statement', () => {
    const statement = { agency: 'a', incarnation: 1, first: 1, last: 1, keyId: 'k', treeSize: 1 };
    const hashes = { batchRoot: leafHash('a'), treeHead: leafHash('a') };
    expect(() => decodeHead(encodeStatement({ statement: { ...statement, ...hashes }, signature: '' }))).toThrow();
  });
});
