import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TrustedKey } from '@acogida/event-log';
import { DevelopmentSealer } from '@acogida/sealing';

/** The agencies of the simulation; two of one kind in two countries. */
export const AGENCIES = ['cr-border-intake', 'cr-refugee-unit', 'mx-comar', 'cr-conatt'] as const;

const KEYS: ReadonlyMap<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }> = new Map(
  AGENCIES.map((agencyId) => [agencyId, generateKeyPairSync('ed25519')]),
);

/** Shared by all sequences of a process: the keys that it derives are remembered. */
export const SEALER = new DevelopmentSealer(Buffer.alloc(32, 11));

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
