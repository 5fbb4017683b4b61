import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../testing/refusal.ts';
import {
  genesis,
  genesisStatement,
  keysOf,
  networkId,
  pointOf,
  privateKeyOf,
  ROOTS,
} from '../testing/trust-network.ts';
import { type Genesis, genesisId, type GenesisStatement, signGenesis, verifyGenesis } from './genesis.ts';

const [first, second, third] = genesis.signatures as [never, never, never];
const privateKeys = new Map(ROOTS.map((root) => [root as string, privateKeyOf(root)]));

function signedAs(statement: GenesisStatement): Genesis {
  return signGenesis(statement, privateKeys);
}

describe('a genesis', () => {
  it('that all its roots signed is taken as it stands', () => {
    expect(verifyGenesis(JSON.parse(JSON.stringify(genesis)))).toEqual(genesis);
  });

  it('has the id of its signed bytes, whoever signed and in whatever order', () => {
    expect(networkId).toBe('d3dbef3c7c7d840bccdb59fbed9fdd1fed45afa3f0552931102fe246199ec665');
    expect(genesisId({ statement: genesis.statement, signatures: [] })).toBe(networkId);
    expect(genesisId({ statement: { ...genesis.statement, network: 'Other' }, signatures: [] })).not.toBe(networkId);
  });

  it('may carry its signatures in any order', () => {
    expect(verifyGenesis({ ...genesis, signatures: [third, first, second] }).signatures).toHaveLength(3);
  });

  it.each<[string, readonly unknown[]]>([
    ['k of its roots', [first, second]],
    ['k − 1 of its roots', [first]],
    ['nobody', []],
    ['the same root in place of another', [first, second, second]],
    ['a root under the id of another', [first, second, { ...(second as object), rootKeyId: 'root-3' }]],
    ['a root that it does not name', [first, second, { ...(third as object), rootKeyId: 'root-4' }]],
  ])('signed by %s is refused', (_who, signatures) => {
    expect(codeOf(() => verifyGenesis({ ...genesis, signatures }))).toBe('GENESIS_SIGNATURES');
  });

  it('is not made without a key of every root', () => {
    const keys = new Map([...privateKeys].slice(1));
    expect(codeOf(() => signGenesis(genesisStatement, keys))).toBe('GENESIS_SIGNATURES');
    keys.set('root-1', privateKeyOf('somebody else'));
    expect(codeOf(() => signGenesis(genesisStatement, keys))).toBe('GENESIS_SIGNATURES');
  });

  it('is refused with any changed byte', () => {
    const text = JSON.stringify(genesis);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, byte) => {
        const changed = text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
        const parsed = parse(changed);
        fc.pre(parsed !== undefined && JSON.stringify(parsed) !== text);
        expect(['GENESIS_MALFORMED', 'GENESIS_SIGNATURES']).toContain(codeOf(() => verifyGenesis(parsed)));
      }),
      { numRuns: 1_000 },
    );
  });

  const [rootKey] = genesisStatement.rootKeys as [{ rootKeyId: string; x: string }];
  const roots = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ rootKeyId: `r${n}`, x: pointOf(`many-${n}`) }));
  it.each<[string, object]>([
    ['a threshold of 0', { threshold: 0 }],
    ['a threshold above its roots', { threshold: 4 }],
    ['a threshold that is no whole number', { threshold: 1.5 }],
    ['no roots', { rootKeys: [], threshold: 1 }],
    ['ten roots', { rootKeys: roots(10) }],
    ['a root twice', { rootKeys: [rootKey, rootKey] }],
    ['a key under two names', { rootKeys: [rootKey, { ...rootKey, rootKeyId: 'other' }] }],
    ['two keys of one name', { rootKeys: [rootKey, { ...rootKey, x: pointOf('other') }] }],
    ['a root key that is too short', { rootKeys: [{ ...rootKey, x: rootKey.x.slice(0, 42) }], threshold: 1 }],
    ['a root key with a private part', { rootKeys: [{ ...rootKey, d: 'x' }], threshold: 1 }],
    ['no network', { network: '' }],
    ['a network name that turns the line', { network: 'A\u202eB' }],
    ['a day without time', { createdAt: '2026-11-22' }],
    ['a day that the calendar has not', { createdAt: '2026-02-30T00:00:00.000Z' }],
    ['a directory of sequence 2', { directory: { ...genesisStatement.directory, sequence: 2 } }],
    ['a directory without keys', { directory: { ...genesisStatement.directory, keys: {} } }],
    ['a directory that names a genesis', { directory: { ...genesisStatement.directory, genesis: networkId } }],
    ['a directory whose keys are one', { directory: { ...genesisStatement.directory, keys: oneKey() } }],
    ['one field more', { note: 'x' }],
    ['one field less', { network: undefined }],
  ])('cannot be made of %s', (_what, change) => {
    const statement: GenesisStatement = { ...genesisStatement, ...change };
    expect(codeOf(() => signedAs(statement))).toBe('GENESIS_MALFORMED');
    expect(codeOf(() => verifyGenesis({ statement, signatures: [first, second, third] }))).toBe('GENESIS_MALFORMED');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'genesis'],
    ['a list', [genesis]],
    ['a statement alone', genesisStatement],
    ['more than signatures', { ...genesis, note: 'x' }],
    ['ten signatures', { ...genesis, signatures: Array.from({ length: 10 }, () => first) }],
    ['a signature in another spelling', { ...genesis, signatures: [first, second, padded(third)] }],
  ])('is not %s', (_what, file) => {
    expect(codeOf(() => verifyGenesis(file))).toBe('GENESIS_MALFORMED');
  });

  it('may have one root or nine', () => {
    for (const count of [1, 9]) {
      const statement = { ...genesisStatement, rootKeys: roots(count), threshold: count };
      const keys = new Map(statement.rootKeys.map(({ rootKeyId }, n) => [rootKeyId, privateKeyOf(`many-${n}`)]));
      expect(signGenesis(statement, keys).signatures).toHaveLength(count);
    }
  });
});

function oneKey() {
  const { signing, sealing } = keysOf('x');
  return { signing, sealing, transport: { keyId: 'other', x: signing.x } };
}

function padded(signature: { readonly signature: string }): object {
  return { ...signature, signature: `${signature.signature}==` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
