import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgencyKind, FocalPointRole, ReferralService } from '@acogida/reference';

/** One agency of the sample network, an entry of `deploy/local/sample-network.json`. */
export interface SampleAgency {
  readonly agencyId: string;
  /** The folder of `services/` whose program it runs. */
  readonly kind: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly name: string;
  /** What the directory lists it as. */
  readonly agencyKind: AgencyKind;
  /** The service that others may refer people to it for; null when there is none. */
  readonly provides: ReferralService | null;
  /** What its contact in the directory is for. */
  readonly focalPoint: FocalPointRole;
}

/** The sample network as data: `npm run new:service` adds to it. */
export const SAMPLE_NETWORK_FILE = fileURLToPath(new URL('../sample-network.json', import.meta.url));

/** The sample network, in the order of its ports. Names describe a sample; no real office runs here. */
export const SAMPLE_AGENCIES = JSON.parse(readFileSync(SAMPLE_NETWORK_FILE, 'utf8')) as readonly SampleAgency[];

/** An agency of the network file: who it is, and which signatures are its own. */
export interface NetworkFileAgency {
  readonly agencyId: string;
  readonly kind: string;
  readonly jurisdiction: string | null;
  readonly name: string;
  readonly signingKeys: readonly {
    readonly keyId: string;
    readonly publicKeyJwk: JsonWebKey;
    /** The key signs the agency's events from this number on. */
    readonly fromNumber: number;
  }[];
}

/** The network file of a data directory, for commands; nodes go by genesis and admissions. */
export interface NetworkFile {
  readonly network: string;
  readonly agencies: readonly NetworkFileAgency[];
}

/** A network of these agencies with a new Ed25519 signing key each. */
export function newNetwork(agencies: readonly SampleAgency[]): {
  readonly file: NetworkFile;
  readonly privateKeys: ReadonlyMap<string, KeyObject>;
} {
  const keys = agencies.map((agency) => ({ agency, ...generateKeyPairSync('ed25519') }));
  return {
    file: {
      network: 'sample',
      agencies: keys.map(({ agency: { agencyId, kind, jurisdiction, name }, publicKey }) => ({
        ...{ agencyId, kind, jurisdiction, name },
        signingKeys: [
          { keyId: `${agencyId}.signing.1`, publicKeyJwk: publicKey.export({ format: 'jwk' }), fromNumber: 1 },
        ],
      })),
    },
    privateKeys: new Map(keys.map(({ agency, privateKey }) => [agency.agencyId, privateKey])),
  };
}
