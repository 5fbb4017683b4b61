import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';

/** One agency of the sample network. */
export interface SampleAgency {
  readonly agencyId: string;
  readonly kind: 'directory' | 'intake' | 'counter-trafficking' | 'asylum' | 'timeline';
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly name: string;
}

/** The sample network, in the order of its ports. Names describe a sample; no real office runs here. */
export const SAMPLE_AGENCIES: readonly SampleAgency[] = [
  { agencyId: 'cr-border-intake', kind: 'intake', jurisdiction: 'CR', name: 'Border reception, Costa Rica (sample)' },
  { agencyId: 'cr-refugee-unit', kind: 'asylum', jurisdiction: 'CR', name: 'Refugee unit, Costa Rica (sample)' },
  { agencyId: 'mx-comar', kind: 'asylum', jurisdiction: 'MX', name: 'Refugee commission, Mexico (sample)' },
  {
    agencyId: 'cr-conatt',
    kind: 'counter-trafficking',
    jurisdiction: 'CR',
    name: 'Coalition against trafficking, Costa Rica (sample)',
  },
  { agencyId: 'cr-ombudsman', kind: 'timeline', jurisdiction: 'CR', name: 'Ombudsman, Costa Rica (sample)' },
  { agencyId: 'regional-directory', kind: 'directory', jurisdiction: null, name: 'Regional directory (sample)' },
];

/** The network file as the nodes read it (NETWORK_FILE of @acogida/service-kit). */
export interface NetworkFile {
  readonly network: string;
  readonly agencies: readonly (SampleAgency & {
    readonly signingKeys: readonly {
      readonly keyId: string;
      readonly publicKeyJwk: JsonWebKey;
      /** The key signs the agency's events from this number on. */
      readonly fromNumber: number;
    }[];
  })[];
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
      agencies: keys.map(({ agency, publicKey }) => ({
        ...agency,
        signingKeys: [
          { keyId: `${agency.agencyId}.signing.1`, publicKeyJwk: publicKey.export({ format: 'jwk' }), fromNumber: 1 },
        ],
      })),
    },
    privateKeys: new Map(keys.map(({ agency, privateKey }) => [agency.agencyId, privateKey])),
  };
}
