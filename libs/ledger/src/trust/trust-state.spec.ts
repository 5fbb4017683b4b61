import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { leafHash } from '../merkle.ts';
import { codeOf } from '../testing/refusal.ts';
import {
  admissionOf,
  admit,
  byRoots,
  DIRECTORY,
  genesis,
  keysOf,
  networkId,
  pointOf,
  privateKeyOf,
  revocationOf,
  revoke,
  rotate,
  rotationOf,
  signedRotation,
  succeed,
} from '../testing/trust-network.ts';
import { ADMISSION } from './admission.ts';
import { REVOCATION } from './revocation.ts';
import { countersignRotation, signRotation } from './rotation.ts';
import { type TrustEntry, TrustState } from './trust-state.ts';

const POST = 'cr-border-intake';
const COMAR = 'mx-comar';

function stateOf(...entries: readonly TrustEntry[]): TrustState {
  const state = new TrustState(genesis);
  for (const entry of entries) state.apply(entry);
  return state;
}

/** `1:1-7 3:8-`: sequence, first and last number of each set of keys. */
function rangesOf(state: TrustState, agency: string): string {
  const sets = state.agencies().find(({ agencyId }) => agencyId === agency)?.keySets ?? [];
  return sets
    .map(({ sequence, fromNumber, throughNumber }) => `${sequence}:${fromNumber}-${throughNumber ?? ''}`)
    .join(' ');
}

/** Refused with this code, and nothing changed. */
function expectRefused(state: TrustState, entry: TrustEntry, code: string): void {
  const [agencies, revision] = [state.agencies(), state.revision];
  expect(codeOf(() => state.apply(entry))).toBe(code);
  expect(state.agencies()).toEqual(agencies);
  expect(state.revision).toBe(revision);
}

describe('a state of trust', () => {
  it('begins with the directory, and nobody else', () => {
    const state = stateOf();
    expect(state.agencies()).toEqual([
      {
        agencyId: DIRECTORY,
        kind: 'directory',
        name: 'Directory (sample)',
        jurisdiction: null,
        keySets: [{ sequence: 1, keys: keysOf(`${DIRECTORY}.1`), fromNumber: 1 }],
        successor: null,
      },
    ]);
    expect(state.revision).toBe(0);
    expect(state.networkId).toBe(networkId);
    expect(state.directoryId).toBe(DIRECTORY);
    expect(state.signingKeys(POST)).toEqual([]);
    expect(state.sealingKeys(POST)).toEqual([]);
  });

  it('knows the directory’s own admission already', () => {
    const known = { ...genesis.statement.directory, genesis: networkId };
    expect(stateOf().apply({ type: 'admission', signed: byRoots(ADMISSION, known) })).toBe(false);
  });

  it('does not know what its copy took in', () => {
    const state = stateOf(admit(POST));
    const copy = state.copy();
    expect(copy.apply(rotate(POST, 2, 10))).toBe(true);
    expect([rangesOf(state, POST), rangesOf(copy, POST)]).toEqual(['1:1-', '1:1-10 2:11-']);
    expect([state.revision, copy.revision]).toEqual([1, 2]);
  });
});

describe('an admission', () => {
  it('gives the agency its keys from its number on', () => {
    const state = stateOf();
    expect(state.apply(admit(POST, { fromNumber: 5 }))).toBe(true);
    const [signing, sealing] = [`${POST}.1.signing`, `${POST}.1.sealing`];
    expect(state.signingKeys(POST)).toEqual([
      { keyId: signing, publicKey: createPublicKey(privateKeyOf(signing)), fromNumber: 5 },
    ]);
    expect(state.sealingKeys(POST)).toEqual([
      { keyId: sealing, publicKey: createPublicKey(privateKeyOf(sealing, 'x25519')), fromNumber: 5 },
    ]);
    expect(state.agencies().map(({ agencyId }) => agencyId)).toEqual([POST, DIRECTORY]);
    expect(state.revision).toBe(1);
  });

  it('that is known changes nothing', () => {
    const state = stateOf(admit(POST));
    expect(state.apply(admit(POST))).toBe(false);
    const others = byRoots(ADMISSION, admissionOf(POST), ['root-1', 'root-2', 'root-3']);
    expect(state.apply({ type: 'admission', signed: others })).toBe(false);
    expect(state.revision).toBe(1);
  });

  it('of another network is refused', () => {
    expectRefused(stateOf(), admit(POST, { genesis: leafHash('other') }), 'OTHER_NETWORK');
  });

  it('signed by k − 1 roots is refused', () => {
    const signed = byRoots(ADMISSION, admissionOf(POST), ['root-2']);
    expectRefused(stateOf(), { type: 'admission', signed }, 'ROOT_THRESHOLD');
  });

  it('that is none is refused', () => {
    const signed = { statement: { ...admissionOf(POST), fromNumber: 0 }, signatures: [] };
    expectRefused(stateOf(), { type: 'admission', signed }, 'STATEMENT_MALFORMED');
  });

  it.each<[string, readonly TrustEntry[], TrustEntry]>([
    ['begins with sequence 2', [], admit(POST, { sequence: 2 })],
    ['says otherwise in a place that is taken', [admit(POST)], admit(POST, { name: 'Other' })],
    ['follows keys that are in use', [admit(POST)], admit(POST, { sequence: 2, fromNumber: 9 })],
    [
      'counts from the last good number',
      [admit(POST), revoke(POST, 1, 8)],
      admit(POST, { sequence: 2, fromNumber: 8 }),
    ],
    ['skips a sequence', [admit(POST), revoke(POST, 1, 8)], admit(POST, { sequence: 3, fromNumber: 9 })],
    [
      'takes the place of a rotation',
      [admit(POST), rotate(POST, 2, 5), revoke(POST, 2, 8)],
      admit(POST, { sequence: 2, keys: keysOf('new'), fromNumber: 9 }),
    ],
    [
      'lets in again after a succession, from the last good number',
      [admit(POST), admit(COMAR), succeed(POST, COMAR, 8)],
      admit(POST, { sequence: 2, fromNumber: 8 }),
    ],
  ])('that %s is refused', (_what, before, entry) => {
    expectRefused(stateOf(...before), entry, 'SEQUENCE');
  });

  it('lets a revoked agency in again, with the next sequence and number', () => {
    const state = stateOf(admit(POST), revoke(POST, 1, 8));
    const again = admit(POST, { sequence: 2, fromNumber: 12, name: 'Border post', kind: 'asylum', jurisdiction: null });
    expect(state.apply(again)).toBe(true);
    expect(rangesOf(state, POST)).toBe('1:1-8 2:12-');
    expect(state.agencies()[0]).toMatchObject({ name: 'Border post', kind: 'asylum', jurisdiction: null });
  });

  it.each(['signing', 'sealing', 'transport'] as const)('with a %s key that was revoked is refused', (use) => {
    const [old, fresh] = [keysOf(`${POST}.1`), keysOf('fresh')];
    const state = stateOf(admit(POST), revoke(POST, 1, 8));
    const renamed = { ...fresh, [use]: { keyId: 'other', x: old[use].x } };
    const sameName = { ...fresh, [use]: { keyId: old[use].keyId, x: fresh[use].x } };
    for (const keys of [renamed, sameName]) {
      expectRefused(state, admit(POST, { sequence: 2, fromNumber: 9, keys }), 'KEY_REUSED');
    }
  });
});

describe('a rotation', () => {
  it('counts from the number after it', () => {
    const state = stateOf(admit(POST));
    expect(state.apply(rotate(POST, 2, 10))).toBe(true);
    expect(state.signingKeys(POST)).toEqual([
      expect.objectContaining({ keyId: `${POST}.1.signing`, fromNumber: 1, throughNumber: 10 }),
      { keyId: `${POST}.2.signing`, publicKey: createPublicKey(privateKeyOf(`${POST}.2.signing`)), fromNumber: 11 },
    ]);
    expect(
      state.sealingKeys(POST).map(({ keyId, fromNumber, throughNumber }) => [keyId, fromNumber, throughNumber]),
    ).toEqual([
      [`${POST}.2.sealing`, 11, undefined],
      [`${POST}.1.sealing`, 1, 10],
    ]);
  });

  it('that is known changes nothing, and the same one counts once', () => {
    const state = stateOf(admit(POST), rotate(POST, 2, 10));
    expect(state.apply(rotate(POST, 2, 10))).toBe(false);
    expectRefused(state, rotate(POST, 2, 12), 'SEQUENCE');
  });

  it('of the directory is countersigned by its own key', () => {
    const state = stateOf(admit(POST), rotate(DIRECTORY, 2, 4));
    const key = (label: string) => createPublicKey(privateKeyOf(`${DIRECTORY}.${label}.signing`));
    expect([1, 4, 5, 99].map((number) => state.directoryKeyAt(number).equals(key(number < 5 ? '1' : '2')))).toEqual(
      Array(4).fill(true),
    );
    const signed = signedRotation(rotationOf(POST, 2), `${DIRECTORY}.2.signing`);
    expect(state.apply({ type: 'rotation', at: 10, signed })).toBe(true);
  });

  it('countersigned by a key that the directory has since rotated or lost still counts', () => {
    const lost = stateOf(admit(POST), rotate(DIRECTORY, 2, 4), revoke(DIRECTORY, 2, 9));
    expect(lost.apply(rotate(POST, 2, 10))).toBe(true);
    const signed = signedRotation(rotationOf(POST, 3), `${DIRECTORY}.2.signing`);
    expect(lost.apply({ type: 'rotation', at: 20, signed })).toBe(true);
    expect(codeOf(() => lost.directoryKeyAt(10))).toBe('DIRECTORY_KEY_UNKNOWN');
  });

  describe('countersigned by a key that turns out never to have been the directory’s', () => {
    const countersigned: TrustEntry = {
      type: 'rotation',
      at: 10,
      signed: signedRotation(rotationOf(POST, 2), `${DIRECTORY}.2.signing`),
    };

    it('counts for no reader, early or late', () => {
      const early = stateOf(admit(POST), rotate(DIRECTORY, 2, 4), countersigned);
      expect(rangesOf(early, POST)).toBe('1:1-10 2:11-');
      early.apply(revoke(DIRECTORY, 1, 3));
      const late = stateOf(admit(POST), rotate(DIRECTORY, 2, 4), revoke(DIRECTORY, 1, 3));
      expectRefused(late, countersigned, 'DIRECTORY_KEY_UNKNOWN');
      expect([rangesOf(early, POST), rangesOf(late, POST)]).toEqual(['1:1-', '1:1-']);
    });

    it('counts from where it stands with a signature of the directory’s own', () => {
      const before = [admit(POST), rotate(DIRECTORY, 2, 4), countersigned, revoke(DIRECTORY, 1, 3)];
      const state = stateOf(...before, rotate(POST, 2, 40));
      expect(rangesOf(state, POST)).toBe('1:1-40 2:41-');
    });

    it('makes room for the admission of its keys', () => {
      const before = [
        admit(POST),
        rotate(DIRECTORY, 2, 4),
        countersigned,
        revoke(DIRECTORY, 1, 3),
        revoke(POST, 1, 10),
      ];
      const state = stateOf(...before, admit(POST, { sequence: 2, fromNumber: 11 }));
      expect(rangesOf(state, POST)).toBe('1:1-10 2:11-');
    });
  });

  const complete = signedRotation(rotationOf(POST, 2));
  const other = signedRotation(rotationOf(POST, 2, { treeSize: 2 }));
  const withSignature = (change: object): TrustEntry => ({
    type: 'rotation',
    at: 10,
    signed: { ...complete, signatures: { ...complete.signatures, ...change } },
  });
  const stolen = signRotation(rotationOf(POST, 2), {
    old: privateKeyOf(`${POST}.1.signing`),
    signing: privateKeyOf(`${POST}.2.signing`),
    transport: privateKeyOf(`${POST}.2.transport`),
  });
  const forger = { keyId: `${DIRECTORY}.1.signing`, privateKey: privateKeyOf('forger') };

  it.each<[string, string, TrustEntry]>([
    ['without the directory’s signature', 'DIRECTORY_SIGNATURE', withSignature({ directory: null })],
    [
      'with a signature in the directory’s name',
      'DIRECTORY_SIGNATURE',
      { type: 'rotation', at: 10, signed: countersignRotation(stolen, forger) },
    ],
    [
      'with the directory’s signature over another',
      'DIRECTORY_SIGNATURE',
      withSignature({ directory: other.signatures.directory }),
    ],
    [
      'with the signature of a key that the directory has not',
      'DIRECTORY_KEY_UNKNOWN',
      withSignature({ directory: { ...complete.signatures.directory, keyId: `${POST}.1.signing` } }),
    ],
    ['without the old key’s signature', 'OLD_KEY', withSignature({ old: complete.signatures.signing })],
    ['of another key than the last', 'OLD_KEY', rotate(POST, 2, 10, { previousSigningKeyId: 'other' })],
    ['without the new signing key’s signature', 'POSSESSION', withSignature({ signing: complete.signatures.old })],
    ['without the new transport key’s', 'POSSESSION', withSignature({ transport: complete.signatures.signing })],
    ['of another network', 'OTHER_NETWORK', rotate(POST, 2, 10, { genesis: leafHash('other') })],
    ['of an agency that is not admitted', 'UNKNOWN_AGENCY', rotate(COMAR, 2, 10)],
    ['that skips a sequence', 'SEQUENCE', rotate(POST, 3, 10)],
    ['in a log shorter than it names', 'SEQUENCE', rotate(POST, 2, 10, { treeSize: 10 })],
    ['at number 0', 'STATEMENT_MALFORMED', rotate(POST, 2, 0)],
    [
      'to a key that it ends',
      'KEY_REUSED',
      rotate(POST, 2, 10, { keys: { ...keysOf('x'), signing: keysOf(`${POST}.1`).signing } }),
    ],
  ])('%s is refused', (_what, code, entry) => {
    expectRefused(stateOf(admit(POST)), entry, code);
  });

  it('to another set of keys in a place that is taken is refused', () => {
    const state = stateOf(admit(POST), rotate(POST, 2, 10));
    expectRefused(state, rotate(POST, 2, 9, { keys: keysOf('forged') }), 'SEQUENCE');
    expectRefused(state, rotate(POST, 2, 11, { keys: keysOf('forged') }), 'SEQUENCE');
  });

  it('before its key begins is refused', () => {
    expectRefused(stateOf(admit(POST, { fromNumber: 20 })), rotate(POST, 2, 10), 'OLD_KEY');
  });

  it('after its key ended is refused', () => {
    expectRefused(stateOf(admit(POST), revoke(POST, 1, 9)), rotate(POST, 2, 10), 'OLD_KEY');
  });
});

describe('a revocation', () => {
  it('ends a key at its last good number, whatever came since', () => {
    const late = revoke(POST, 1, 7);
    const state = stateOf(admit(POST), rotate(POST, 2, 10), rotate(POST, 3, 20), late);
    expect(rangesOf(state, POST)).toBe('1:1-7');
    expect(state.apply(late)).toBe(false);
  });

  it('at the number of a rotation or later leaves it as it is', () => {
    expect(rangesOf(stateOf(admit(POST), rotate(POST, 2, 10), revoke(POST, 1, 10)), POST)).toBe('1:1-10 2:11-');
    expect(rangesOf(stateOf(admit(POST), rotate(POST, 2, 10), revoke(POST, 1, 99)), POST)).toBe('1:1-10 2:11-');
  });

  it('one below the number of a rotation undoes it', () => {
    expect(rangesOf(stateOf(admit(POST), rotate(POST, 2, 10), revoke(POST, 1, 9)), POST)).toBe('1:1-9');
  });

  it('may move the last good number down, never up', () => {
    expect(rangesOf(stateOf(admit(POST), revoke(POST, 1, 9), revoke(POST, 1, 4)), POST)).toBe('1:1-4');
    expect(rangesOf(stateOf(admit(POST), revoke(POST, 1, 4), revoke(POST, 1, 9)), POST)).toBe('1:1-4');
  });

  it('of keys that never were good leaves none', () => {
    const state = stateOf(admit(POST), revoke(POST, 1, 0));
    expect(state.agencies()[0]).toMatchObject({ agencyId: POST, keySets: [] });
    expect(state.signingKeys(POST)).toEqual([]);
  });

  it('of a key that is not known yet ends it when it comes', () => {
    const state = stateOf(admit(POST), revoke(POST, 2, 15), admit(POST, { sequence: 3, fromNumber: 16 }));
    expect(rangesOf(state, POST)).toBe('1:1-15 3:16-');
    state.apply(rotate(POST, 2, 10));
    expect(rangesOf(state, POST)).toBe('1:1-10 2:11-15 3:16-');
  });

  it('of a key that is not known yet is respected by the admission that follows', () => {
    const state = stateOf(admit(POST), revoke(POST, 2, 15));
    expectRefused(state, admit(POST, { sequence: 3, fromNumber: 15 }), 'SEQUENCE');
  });

  it.each([14, 16, 99])('of earlier keys at %d does not hold up the admission that skips them', (lastGood) => {
    const directory = [revoke(POST, 1, lastGood), revoke(POST, 2, 15), admit(POST, { sequence: 3, fromNumber: 16 })];
    const behind = stateOf(admit(POST), ...directory, rotate(POST, 2, 10));
    const ahead = stateOf(admit(POST), rotate(POST, 2, 10), ...directory);
    expect([rangesOf(behind, POST), rangesOf(ahead, POST)]).toEqual(Array(2).fill('1:1-10 2:11-15 3:16-'));
  });

  it('frees the places of the rotations that it undoes', () => {
    const state = stateOf(admit(POST), rotate(POST, 2, 10), rotate(POST, 3, 20), revoke(POST, 1, 7));
    expect(state.apply(admit(POST, { sequence: 2, fromNumber: 8, keys: keysOf('new') }))).toBe(true);
    expect(rangesOf(state, POST)).toBe('1:1-7 2:8-');
    expect(state.signingKeys(POST)[1]?.keyId).toBe('new.signing');
  });

  it('leaves undone what followed, also when later keys have the names of the undone ones', () => {
    const named = { ...keysOf('new'), signing: { keyId: `${POST}.2.signing`, x: pointOf('new.signing') } };
    const state = stateOf(admit(POST), rotate(POST, 2, 10), rotate(POST, 3, 12), revoke(POST, 1, 9));
    expect(state.apply(admit(POST, { sequence: 2, fromNumber: 10, keys: named }))).toBe(true);
    expect(rangesOf(state, POST)).toBe('1:1-9 2:10-');
  });

  it('leaves undone what followed, also when the undone keys are admitted', () => {
    const state = stateOf(admit(POST), rotate(POST, 2, 10), rotate(POST, 3, 12), revoke(POST, 1, 9));
    expect(state.apply(admit(POST, { sequence: 2, fromNumber: 10 }))).toBe(true);
    expect(rangesOf(state, POST)).toBe('1:1-9 2:10-');
  });

  it.each<[string, TrustEntry, string]>([
    ['of no agency', revoke(COMAR, 1, 7), 'UNKNOWN_AGENCY'],
    [
      'signed by k − 1 roots',
      { type: 'revocation', signed: byRoots(REVOCATION, revocationOf(POST, 1, 7), ['root-1']) },
      'ROOT_THRESHOLD',
    ],
    [
      'of another network',
      { type: 'revocation', signed: byRoots(REVOCATION, { ...revocationOf(POST, 1, 7), genesis: leafHash('other') }) },
      'OTHER_NETWORK',
    ],
  ])('%s is refused', (_what, entry, code) => {
    expectRefused(stateOf(admit(POST)), entry, code);
  });
});

describe('a succession', () => {
  it('ends the keys of the agency and names who took over', () => {
    const state = stateOf(admit(POST), admit(COMAR), rotate(POST, 2, 10));
    expect(state.apply(succeed(POST, COMAR, 30))).toBe(true);
    expect(state.apply(succeed(POST, COMAR, 30))).toBe(false);
    expect(rangesOf(state, POST)).toBe('1:1-10 2:11-30');
    expect(state.agencies()[0]).toMatchObject({ agencyId: POST, successor: COMAR });
  });

  it('undoes rotations after its last good number', () => {
    const state = stateOf(admit(POST), admit(COMAR), rotate(POST, 2, 10), succeed(POST, COMAR, 9));
    expect(rangesOf(state, POST)).toBe('1:1-9');
  });

  it.each([0, 8])('lets the agency in again from the number after %d', (lastGood) => {
    const again = admit(POST, { sequence: 2, fromNumber: lastGood + 1 });
    const state = stateOf(admit(POST), admit(COMAR), succeed(POST, COMAR, lastGood), again);
    expect(rangesOf(state, POST)).toBe(lastGood === 0 ? '2:1-' : '1:1-8 2:9-');
    expect(state.apply(rotate(POST, 3, 20))).toBe(true);
    expect(state.agencies()[0]).toMatchObject({ successor: COMAR });
  });

  it.each<[string, TrustEntry, string]>([
    ['of no agency', succeed('us-border', COMAR, 7), 'UNKNOWN_AGENCY'],
    ['to no agency', succeed(POST, 'us-border', 7), 'UNKNOWN_AGENCY'],
    ['after another', succeed(COMAR, DIRECTORY, 7), 'SEQUENCE'],
  ])('%s is refused', (_what, entry, code) => {
    expectRefused(stateOf(admit(POST), admit(COMAR), succeed(COMAR, POST, 7)), entry, code);
  });
});

describe('two keys of one point', () => {
  it('are refused wherever they stand', () => {
    const keys = { ...keysOf('x'), transport: { keyId: 'y', x: pointOf('x.signing') } };
    const signed = { statement: { ...admissionOf(POST), keys }, signatures: [] };
    expectRefused(stateOf(), { type: 'admission', signed }, 'STATEMENT_MALFORMED');
  });
});
