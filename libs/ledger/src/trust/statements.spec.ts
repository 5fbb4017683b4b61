import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EMPTY_ROOT, leafHash } from '../merkle.ts';
import type { StatementKind } from '../signed-text.ts';
import { codeOf } from '../testing/refusal.ts';
import {
  admissionOf,
  byRoots,
  DIRECTORY,
  genesis,
  keysOf,
  networkId,
  privateKeyOf,
  revocationOf,
  rotationOf,
  signedRotation,
} from '../testing/trust-network.ts';
import { ADMISSION } from './admission.ts';
import {
  decodeDirectoryEntry,
  type DirectoryEntryStatement,
  encodeDirectoryEntry,
  signDirectoryEntry,
  verifyDirectoryEntry,
} from './directory-entry.ts';
import { REVOCATION } from './revocation.ts';
import { type RootSigned, rootsBehind, verifyRootSigned } from './root-signed.ts';
import { countersignRotation, readRotation, ROTATION } from './rotation.ts';
import { SUCCESSION, type SuccessionStatement } from './succession.ts';

const admission = admissionOf('cr-border-intake');
const rotation = rotationOf('cr-border-intake', 2);
const revocation = revocationOf('cr-border-intake', 1, 7);
const succession: SuccessionStatement = {
  genesis: networkId,
  agency: 'cr-border-intake',
  successor: 'mx-comar',
  lastGoodNumber: 7,
  lastGoodTreeHead: leafHash('7'),
};
const entry: DirectoryEntryStatement = {
  genesis: networkId,
  kind: 'SERVICE',
  entryId: 'cr-shelter-1',
  version: 1,
  entry: { name: 'Shelter', eligibility: { minimum_age: 18, sexes: ['F'] }, schedules: [] },
  validFrom: '2026-11-22T09:00:00.000Z',
};

function textOf<S>(kind: StatementKind<S>, statement: S): string {
  return kind.signedBytes(statement).toString();
}

describe('the signed bytes of a statement', () => {
  it('begin with the line of their kind, and go on with canonical JSON', () => {
    const { signing, sealing, transport } = admission.keys;
    const keys =
      `{"sealing":{"keyId":"${sealing.keyId}","x":"${sealing.x}"},"signing":{"keyId":"${signing.keyId}",` +
      `"x":"${signing.x}"},"transport":{"keyId":"${transport.keyId}","x":"${transport.x}"}}`;
    expect(textOf(ADMISSION, admission)).toBe(
      `acogida.admission.v1\n{"agency":"cr-border-intake","fromNumber":1,"genesis":"${networkId}","jurisdiction":"CR",` +
        `"keys":${keys},"kind":"intake","name":"Border post (sample)","sequence":1}`,
    );
    expect(textOf(ROTATION, { ...rotation, keys: admission.keys })).toBe(
      `acogida.rotation.v1\n{"agency":"cr-border-intake","genesis":"${networkId}","keys":${keys},` +
        `"previousSigningKeyId":"cr-border-intake.1.signing","sequence":2,"treeHead":"${leafHash('tree')}","treeSize":1}`,
    );
    expect(textOf(REVOCATION, revocation)).toBe(
      `acogida.revocation.v1\n{"agency":"cr-border-intake","genesis":"${networkId}","keyId":"cr-border-intake.1.signing",` +
        `"lastGoodNumber":7,"lastGoodTreeHead":"${leafHash('7')}","reason":"KEY_COMPROMISED"}`,
    );
    expect(textOf(SUCCESSION, succession)).toBe(
      `acogida.succession.v1\n{"agency":"cr-border-intake","genesis":"${networkId}","lastGoodNumber":7,` +
        `"lastGoodTreeHead":"${leafHash('7')}","successor":"mx-comar"}`,
    );
  });

  it('give the same signatures in every run', () => {
    expect({
      revocation: byRoots(REVOCATION, revocation, ['root-1']).signatures[0]?.signature,
      rotation: signedRotation(rotation).signatures.old,
      entry: signDirectoryEntry(privateKeyOf('directory'), entry).signature,
    }).toEqual({
      revocation: 'XXmzVL2xrZh4J2Clmndb9pBkc3i9GF0dc1Wfhdk_eBZSmHcIiWycoRazwx79tYLTesq-eBd43Jio4G45dJG0CQ',
      rotation: '-4gybMDZmcue9HQ0Ea8n6p_qtd2Ox81lEE3Oe90YcbHgMkNZJfqCG5H_eMvd2eqKXYL-A4yhr6Ixc-lcGLLhAw',
      entry: '_13cQ_m0XRXbNswVFsfB1gd9AvTL_6IGmh0YD9WXVkIfJ9JrpMKzGIvkbatzUfFHiH1YIoa7vHQIzASyWWP6DQ',
    });
  });
});

describe('a root-signed statement', () => {
  const signed = byRoots(ADMISSION, admission, ['root-1', 'root-2', 'root-3']);
  const [first, second, third] = signed.signatures as [never, never, never];
  const judged = (signatures: readonly never[]) =>
    codeOf(() => verifyRootSigned(genesis, ADMISSION, { statement: admission, signatures }));

  it('counts with k roots or more, in any order', () => {
    expect(verifyRootSigned(genesis, ADMISSION, signed)).toEqual(admission);
    expect(judged([third, first])).toBeUndefined();
    expect(rootsBehind(genesis.statement.rootKeys, ADMISSION.signedBytes(admission), [third, first])).toEqual(
      new Set(['root-1', 'root-3']),
    );
  });

  it('counts the same root once', () => {
    expect(judged([first, first])).toBe('ROOT_THRESHOLD');
    expect(judged([first, first, second])).toBeUndefined();
  });

  it('is refused under k − 1 roots, whoever else signed', () => {
    const other = { ...(second as object), rootKeyId: 'root-9' } as never;
    const renamed = { ...(second as object), rootKeyId: 'root-3' } as never;
    expect(judged([])).toBe('ROOT_THRESHOLD');
    expect(judged([second])).toBe('ROOT_THRESHOLD');
    expect(judged([second, other])).toBe('ROOT_THRESHOLD');
    expect(judged([second, renamed])).toBe('ROOT_THRESHOLD');
  });

  it('does not count for another statement, or for one of another kind', () => {
    const changed = { ...signed, statement: { ...admission, fromNumber: 2 } };
    expect(codeOf(() => verifyRootSigned(genesis, ADMISSION, changed))).toBe('ROOT_THRESHOLD');
    const moved = byRoots(SUCCESSION, succession) as unknown as RootSigned<typeof revocation>;
    expect(codeOf(() => verifyRootSigned(genesis, REVOCATION, moved))).toBe('STATEMENT_MALFORMED');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['no signatures', { statement: admission }],
    ['signatures that are none', { statement: admission, signatures: [{ rootKeyId: 'root-1', signature: 'x' }] }],
    ['more than nine', { statement: admission, signatures: Array.from({ length: 10 }, () => first) }],
    ['one field more', { ...signed, note: 1 }],
  ])('is not %s', (_what, value) => {
    expect(codeOf(() => verifyRootSigned(genesis, ADMISSION, value as never))).toBe('STATEMENT_MALFORMED');
  });
});

describe('a statement', () => {
  const keys = keysOf('x');
  it.each<[string, Pick<StatementKind<object>, 'read'>, object]>([
    ['an admission to no network', ADMISSION, { ...admission, genesis: 'x' }],
    ['an admission of sequence 0', ADMISSION, { ...admission, sequence: 0 }],
    ['an admission from number 0', ADMISSION, { ...admission, fromNumber: 0 }],
    ['an agency with capitals', ADMISSION, { ...admission, agency: 'CR' }],
    ['an agency with a path', ADMISSION, { ...admission, agency: '../x' }],
    ['a kind with spaces', ADMISSION, { ...admission, kind: 'a b' }],
    ['a name with a line end', ADMISSION, { ...admission, name: 'a\nb' }],
    ['a name that cannot be seen', ADMISSION, { ...admission, name: '\u3164' }],
    ['a name with half a character', ADMISSION, { ...admission, name: 'a\ud800' }],
    ['a name with white space around', ADMISSION, { ...admission, name: ' a' }],
    ['a name of 121 characters', ADMISSION, { ...admission, name: 'a'.repeat(121) }],
    ['a country in words', ADMISSION, { ...admission, jurisdiction: 'Costa Rica' }],
    ['an admission with a private part', ADMISSION, { ...admission, keys: { ...keys, private: 'x' } }],
    ['a first rotation', ROTATION, { ...rotation, sequence: 1 }],
    ['a rotation of nothing', ROTATION, { ...rotation, previousSigningKeyId: '' }],
    ['a rotation without a tree', ROTATION, { ...rotation, treeHead: undefined }],
    ['a rotation of an empty tree', ROTATION, { ...rotation, treeHead: EMPTY_ROOT }],
    ['a rotation of a tree of size 0', ROTATION, { ...rotation, treeSize: 0 }],
    ['a rotation of no network', ROTATION, { ...rotation, genesis: null }],
    ['a revocation of nothing', REVOCATION, { ...revocation, keyId: '' }],
    ['a revocation before the log', REVOCATION, { ...revocation, lastGoodNumber: -1 }],
    ['a revocation at 0 with a tree', REVOCATION, { ...revocation, lastGoodNumber: 0 }],
    ['a revocation in words', REVOCATION, { ...revocation, reason: 'it was stolen' }],
    ['a revocation of no agency', REVOCATION, { ...revocation, agency: 7 }],
    ['a succession to itself', SUCCESSION, { ...succession, successor: succession.agency }],
    ['a succession to nobody', SUCCESSION, { ...succession, successor: null }],
    ['a succession with a note', SUCCESSION, { ...succession, note: 'x' }],
  ])('is not %s', (_what, kind, value) => {
    expect(codeOf(() => kind.read(value))).toBe('STATEMENT_MALFORMED');
  });

  it('may revoke and follow from the beginning, and be regional', () => {
    const nothing = { lastGoodNumber: 0, lastGoodTreeHead: EMPTY_ROOT };
    expect(REVOCATION.read({ ...revocation, ...nothing })).toMatchObject(nothing);
    expect(SUCCESSION.read({ ...succession, ...nothing })).toMatchObject(nothing);
    expect(ADMISSION.read({ ...admission, jurisdiction: null })).toMatchObject({ jurisdiction: null });
  });
});

describe('a rotation with its signatures', () => {
  const signed = signedRotation(rotation);
  const { old, transport } = signed.signatures;

  it('comes back from its text as it was, with the directory or before', () => {
    const waiting = { ...signed, signatures: { ...signed.signatures, directory: null } };
    for (const one of [signed, waiting]) expect(readRotation(JSON.parse(JSON.stringify(one)))).toEqual(one);
    const key = `${DIRECTORY}.1.signing`;
    expect(countersignRotation(waiting, { keyId: key, privateKey: privateKeyOf(key) })).toEqual(signed);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a statement', rotation],
    ['without signatures', { statement: rotation, signatures: {} }],
    ['with a signature that is none', { ...signed, signatures: { ...signed.signatures, old: 'x' } }],
    ['with a directory without name', { ...signed, signatures: { ...signed.signatures, directory: {} } }],
    ['with two names in one', { ...signed, signatures: { directory: null, 'old,signing': old, transport } }],
    ['with one more', { ...signed, signatures: { ...signed.signatures, other: signed.signatures.old } }],
  ])('is not %s', (_what, value) => {
    expect(codeOf(() => readRotation(value))).toBe('STATEMENT_MALFORMED');
  });
});

describe('a directory entry', () => {
  const privateKey = privateKeyOf('directory');
  const publicKey = createPublicKey(privateKey);
  const signed = signDirectoryEntry(privateKey, entry);

  it('is signed alone, as text and back', () => {
    expect(verifyDirectoryEntry(publicKey, decodeDirectoryEntry(encodeDirectoryEntry(signed)))).toEqual(entry);
  });

  it.each<[string, object]>([
    ['network', { genesis: leafHash('other') }],
    ['kind', { kind: 'AGENCY' }],
    ['id', { entryId: 'other' }],
    ['version', { version: 2 }],
    ['entry', { entry: { ...entry.entry, name: 'Other' } }],
    ['beginning', { validFrom: '2026-11-23T09:00:00.000Z' }],
  ])('does not verify with another %s', (_field, change) => {
    const forged = { ...signed, statement: { ...entry, ...change } };
    expect(codeOf(() => verifyDirectoryEntry(publicKey, forged))).toBe('SIGNATURE_INVALID');
  });

  it('does not verify with the key of another', () => {
    expect(codeOf(() => verifyDirectoryEntry(createPublicKey(privateKeyOf('other')), signed))).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it.each<[string, object]>([
    ['a list', { entry: [] }],
    ['nothing', { entry: null }],
    ['what JSON leaves out', { entry: { a: undefined } }],
    ['what JSON changes', { entry: { a: new Date(0) } }],
    ['no number', { entry: { a: Number.NaN } }],
    ['half a character', { entry: { a: ['\ud800'] } }],
    ['version 0', { version: 0 }],
    ['a kind in words', { kind: 'a service' }],
    ['a day', { validFrom: '2026-11-22' }],
    ['no id', { entryId: '' }],
    ['no network', { genesis: '' }],
    ['one field more', { note: 1 }],
  ])('is not %s', (_what, change) => {
    expect(codeOf(() => signDirectoryEntry(privateKey, { ...entry, ...change }))).toBe('STATEMENT_MALFORMED');
  });
});
