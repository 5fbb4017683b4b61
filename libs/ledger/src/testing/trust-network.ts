import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { StatementKind } from '../signed-text.ts';
import { ADMISSION, type AdmissionStatement } from '../trust/admission.ts';
import { type Genesis, genesisId, type GenesisStatement, signGenesis } from '../trust/genesis.ts';
import type { PublicKeys } from '../trust/public-keys.ts';
import { REVOCATION, type RevocationStatement } from '../trust/revocation.ts';
import { type RootSigned, signAsRoot } from '../trust/root-signed.ts';
import { countersignRotation, type RotationSigned, type RotationStatement, signRotation } from '../trust/rotation.ts';
import { SUCCESSION, type SuccessionStatement } from '../trust/succession.ts';
import type { TrustEntry } from '../trust/trust-state.ts';
import { EMPTY_ROOT, leafHash } from '../merkle.ts';

const PKCS8 = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' } as const;

/** The private key that a label always gives: specs show the same keys in every run. */
export function privateKeyOf(label: string, curve: keyof typeof PKCS8 = 'ed25519'): KeyObject {
  const seed = createHash('sha256').update(label).digest();
  return createPrivateKey({
    key: Buffer.concat([Buffer.from(PKCS8[curve], 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** The public point of a label's key, base64url. */
export function pointOf(label: string, curve: keyof typeof PKCS8 = 'ed25519'): string {
  return createPublicKey(privateKeyOf(label, curve)).export({ format: 'jwk' }).x as string;
}

/** Keys that `name` stands for; the private ones are `privateKeyOf(keyId)`. */
export function keysOf(name: string): PublicKeys {
  const [signing, sealing, transport] = [`${name}.signing`, `${name}.sealing`, `${name}.transport`];
  return {
    signing: { keyId: signing, x: pointOf(signing) },
    sealing: { keyId: sealing, x: pointOf(sealing, 'x25519') },
    transport: { keyId: transport, x: pointOf(transport) },
  };
}

/** The directory of the network of specs. */
export const DIRECTORY = 'regional-directory';
/** Roots of the network of specs, of which two must agree. */
export const ROOTS = ['root-1', 'root-2', 'root-3'] as const;

/** What the roots of the network of specs sign. */
export const genesisStatement: GenesisStatement = {
  network: 'Specs',
  threshold: 2,
  rootKeys: ROOTS.map((rootKeyId) => ({ rootKeyId, x: pointOf(rootKeyId) })),
  createdAt: '2026-11-22T09:00:00.000Z',
  directory: {
    sequence: 1,
    agency: DIRECTORY,
    kind: 'directory',
    name: 'Directory (sample)',
    jurisdiction: null,
    keys: keysOf(`${DIRECTORY}.1`),
    fromNumber: 1,
  },
};

/** The genesis of the network of specs. */
export const genesis: Genesis = signGenesis(
  genesisStatement,
  new Map(ROOTS.map((rootKeyId) => [rootKeyId, privateKeyOf(rootKeyId)])),
);

/** Its id. */
export const networkId = genesisId(genesis);

/** Signed by these roots; by two when none are named. */
export function byRoots<S>(
  kind: StatementKind<S>,
  statement: S,
  roots: readonly string[] = ['root-1', 'root-3'],
): RootSigned<S> {
  const signatures = roots.map((rootKeyId) =>
    signAsRoot(kind, { rootKeyId, privateKey: privateKeyOf(rootKeyId) }, statement),
  );
  return { statement, signatures };
}

/** Admission of `agency` with the keys `<agency>.<sequence>`. */
export function admissionOf(agency: string, over: Partial<AdmissionStatement> = {}): AdmissionStatement {
  const sequence = over.sequence ?? 1;
  return {
    genesis: networkId,
    sequence,
    agency,
    kind: 'intake',
    name: 'Border post (sample)',
    jurisdiction: 'CR',
    keys: keysOf(`${agency}.${sequence}`),
    fromNumber: 1,
    ...over,
  };
}

/** An admission, signed. */
export function admit(agency: string, over: Partial<AdmissionStatement> = {}): TrustEntry {
  return { type: 'admission', signed: byRoots(ADMISSION, admissionOf(agency, over)) };
}

/** Rotation of `agency` to the keys `<agency>.<sequence>`, from those before. */
export function rotationOf(agency: string, sequence: number, over: Partial<RotationStatement> = {}): RotationStatement {
  return {
    genesis: networkId,
    agency,
    sequence,
    previousSigningKeyId: `${agency}.${sequence - 1}.signing`,
    keys: keysOf(`${agency}.${sequence}`),
    treeSize: 1,
    treeHead: leafHash('tree'),
    ...over,
  };
}

/** Signed as it must be. */
export function signedRotation(
  statement: RotationStatement,
  directoryKeyId = `${DIRECTORY}.1.signing`,
): RotationSigned {
  const { signing, transport } = statement.keys;
  return countersignRotation(
    signRotation(statement, {
      old: privateKeyOf(statement.previousSigningKeyId),
      signing: privateKeyOf(signing.keyId),
      transport: privateKeyOf(transport.keyId),
    }),
    { keyId: directoryKeyId, privateKey: privateKeyOf(directoryKeyId) },
  );
}

/** A rotation in the event of number `at`. */
export function rotate(
  agency: string,
  sequence: number,
  at: number,
  over: Partial<RotationStatement> = {},
): TrustEntry & { readonly type: 'rotation' } {
  return { type: 'rotation', at, signed: signedRotation(rotationOf(agency, sequence, over)) };
}

/** Revocation of the signing key `<agency>.<sequence>.signing`. */
export function revocationOf(agency: string, sequence: number, lastGoodNumber: number): RevocationStatement {
  return {
    genesis: networkId,
    agency,
    keyId: `${agency}.${sequence}.signing`,
    ...lastGood(lastGoodNumber),
    reason: 'KEY_COMPROMISED',
  };
}

/** A revocation, signed. */
export function revoke(agency: string, sequence: number, lastGoodNumber: number): TrustEntry {
  return { type: 'revocation', signed: byRoots(REVOCATION, revocationOf(agency, sequence, lastGoodNumber)) };
}

/** A succession, signed. */
export function succeed(agency: string, successor: string, lastGoodNumber: number): TrustEntry {
  const statement: SuccessionStatement = { genesis: networkId, agency, successor, ...lastGood(lastGoodNumber) };
  return { type: 'succession', signed: byRoots(SUCCESSION, statement) };
}

function lastGood(lastGoodNumber: number) {
  return { lastGoodNumber, lastGoodTreeHead: lastGoodNumber === 0 ? EMPTY_ROOT : leafHash(String(lastGoodNumber)) };
}
