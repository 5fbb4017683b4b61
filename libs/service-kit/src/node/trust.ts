import { createPublicKey } from 'node:crypto';
import type { Trust, TrustedKey } from '@acogida/event-log';
import type { Network } from '../configuration/network.ts';

/** The network's public keys, as the inbox wants them: an agency's key signs until its next one begins. */
export function trustOf(network: Network): Trust {
  return new Map(
    network.agencies.map((agency) => {
      const keys = agency.signingKeys.toSorted((left, right) => left.fromNumber - right.fromNumber);
      const trusted = keys.map((key, index): TrustedKey => {
        const next = keys[index + 1];
        return {
          keyId: key.keyId,
          publicKey: createPublicKey({ key: key.publicKeyJwk, format: 'jwk' }),
          fromNumber: key.fromNumber,
          ...(next === undefined ? {} : { throughNumber: next.fromNumber - 1 }),
        };
      });
      return [agency.agencyId, trusted] as const;
    }),
  );
}
