import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  ADMISSION,
  type Admission,
  type AdmissionStatement,
  type Genesis,
  genesisId,
  type NamedKey,
  type PublicKeys,
  type RootSigned,
  signAsRoot,
  signGenesis,
  type StatementKind,
} from '@acogida/ledger';

/** Keys of an agency of a test network. */
export interface TestAgencyKeys {
  readonly publicKeys: PublicKeys;
  readonly privateKeys: { readonly signing: KeyObject; readonly sealing: KeyObject; readonly transport: KeyObject };
}

/** Who may come to a test network later: its keys, and its admission by the roots. */
export interface TestNewcomer {
  readonly keys: TestAgencyKeys;
  readonly admission: RootSigned<AdmissionStatement>;
}

/** The roots of a test network, two of three of which must agree. */
export interface TestTrust {
  readonly genesis: Genesis;
  /** Of all agencies but the directory, whose admission stands in the genesis. */
  readonly admissions: readonly RootSigned<AdmissionStatement>[];
  keysOf(agencyId: string): TestAgencyKeys;
  /** Signed by as many roots as must agree, or by so many. */
  signedByRoots<S>(kind: StatementKind<S>, statement: S, roots?: number): RootSigned<S>;
  /** An agency that nobody knows yet. */
  newcomer(agency: Omit<Admission, 'keys' | 'sequence' | 'fromNumber'>): TestNewcomer;
}

const ROOTS = ['root-1', 'root-2', 'root-3'];
const THRESHOLD = 2;

/** New keys, named `<agency>-<n>`, `<agency>-sealing-<n>`, `<agency>-transport-<n>`. */
export function newTestKeys(agencyId: string, sequence = 1): TestAgencyKeys {
  const signing = generateKeyPairSync('ed25519');
  const sealing = generateKeyPairSync('x25519');
  const transport = generateKeyPairSync('ed25519');
  const named = (use: string, key: KeyObject): NamedKey => ({
    keyId: `${agencyId}${use}-${sequence}`,
    x: key.export({ format: 'jwk' }).x as string,
  });
  return {
    publicKeys: {
      signing: named('', signing.publicKey),
      sealing: named('-sealing', sealing.publicKey),
      transport: named('-transport', transport.publicKey),
    },
    privateKeys: { signing: signing.privateKey, sealing: sealing.privateKey, transport: transport.privateKey },
  };
}

/** Makes roots, a genesis and the admissions of these agencies, one of which is the directory. */
export function newTestTrust(agencies: readonly Omit<Admission, 'keys' | 'sequence' | 'fromNumber'>[]): TestTrust {
  const roots = new Map(ROOTS.map((rootKeyId) => [rootKeyId, generateKeyPairSync('ed25519')] as const));
  const keys = new Map(agencies.map(({ agency }) => [agency, newTestKeys(agency)] as const));
  const keysOf = (agencyId: string): TestAgencyKeys => {
    const found = keys.get(agencyId);
    if (found === undefined) throw new RangeError(`the test network has no agency ${agencyId}`);
    return found;
  };
  const admitted = agencies.map((agency): Admission => ({
    ...agency,
    keys: keysOf(agency.agency).publicKeys,
    ...{ sequence: 1, fromNumber: 1 },
  }));
  const directory = admitted.find(({ kind }) => kind === 'directory');
  if (directory === undefined) throw new RangeError('a network has a directory');
  const genesis = signGenesis(
    {
      ...{ network: 'test', threshold: THRESHOLD, directory, createdAt: '2026-11-22T09:00:00.000Z' },
      rootKeys: [...roots].map(([rootKeyId, { publicKey }]) => ({
        rootKeyId,
        x: publicKey.export({ format: 'jwk' }).x as string,
      })),
    },
    new Map([...roots].map(([rootKeyId, { privateKey }]) => [rootKeyId, privateKey])),
  );
  const signedByRoots = <S>(kind: StatementKind<S>, statement: S, count = THRESHOLD): RootSigned<S> => ({
    statement,
    signatures: [...roots]
      .slice(0, count)
      .map(([rootKeyId, { privateKey }]) => signAsRoot(kind, { rootKeyId, privateKey }, statement)),
  });
  const admissionOf = (admission: Admission): RootSigned<AdmissionStatement> =>
    signedByRoots(ADMISSION, { ...admission, genesis: genesisId(genesis) });
  return {
    genesis,
    admissions: admitted.filter((one) => one !== directory).map(admissionOf),
    keysOf,
    signedByRoots,
    newcomer: (agency) => {
      const own = newTestKeys(agency.agency);
      keys.set(agency.agency, own);
      return {
        keys: own,
        admission: admissionOf({ ...agency, keys: own.publicKeys, sequence: 1, fromNumber: 1 }),
      };
    },
  };
}
