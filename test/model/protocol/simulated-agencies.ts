import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TrustedKey } from '@acogida/event-log';
import { makeX25519Pair, type NamedPair } from '@acogida/sealing';
import { SharedVerifier, SimulatedRandomness } from '@acogida/testing';
import type { MemoryKeyTrust } from '@acogida/testing/node';

/** The agencies of the simulation; two of one kind in two countries. */
export const AGENCIES = ['cr-border-intake', 'cr-refugee-unit', 'mx-comar', 'cr-conatt'] as const;

const KEYS: ReadonlyMap<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }> = new Map(
  AGENCIES.map((agencyId) => [agencyId, generateKeyPairSync('ed25519')]),
);

/** What others seal to an agency with. */
const SEALING_PAIRS: ReadonlyMap<string, NamedPair> = new Map(
  AGENCIES.map((agencyId) => {
    const pair = makeX25519Pair(new SimulatedRandomness(`${agencyId} sealing`));
    return [agencyId, { ...pair, keyId: `${agencyId}-sealing-1` }];
  }),
);

/** What every node knows of the others and their keys. */
export const KEY_TRUST: MemoryKeyTrust = {
  network: '0'.repeat(64),
  members: [
    { agencyId: 'cr-border-intake', kind: 'intake', name: 'Border intake', jurisdiction: 'CR' },
    { agencyId: 'cr-refugee-unit', kind: 'asylum', name: 'Refugee unit', jurisdiction: 'CR' },
    { agencyId: 'mx-comar', kind: 'asylum', name: 'COMAR', jurisdiction: 'MX' },
    { agencyId: 'cr-conatt', kind: 'counter-trafficking', name: 'CONATT', jurisdiction: 'CR' },
  ],
  sealingKeys: new Map([...SEALING_PAIRS].map(([agencyId, { keyId, x }]) => [agencyId, [{ keyId, x }]])),
};

/** The pairs that others seal to an agency with. */
export function sealingPairsOf(agencyId: string): readonly NamedPair[] {
  const pair = SEALING_PAIRS.get(agencyId);
  return pair === undefined ? [] : [pair];
}

/** The key that an agency signs with. */
export function signerOf(agencyId: string): { readonly keyId: string; readonly privateKey: KeyObject } {
  const keys = KEYS.get(agencyId);
  if (keys === undefined) throw new RangeError('there is no such agency here');
  return { keyId: `${agencyId}-1`, privateKey: keys.privateKey };
}

/** What every node believes. */
export const TRUST: ReadonlyMap<string, readonly TrustedKey[]> = new Map(
  [...KEYS].map(([agencyId, { publicKey }]) => [agencyId, [{ keyId: `${agencyId}-1`, publicKey, fromNumber: 1 }]]),
);

/** Checks what is received, for all nodes of all simulations in this process: none of them trusts anything else. */
export const VERIFIER = new SharedVerifier(TRUST);
