import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { Network, type ServiceKind } from '@acogida/service-kit';
import { plainToInstance } from 'class-transformer';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose';

/** An agency of a test network. */
export type TestAgency = readonly [agencyId: string, kind: ServiceKind, jurisdiction: string | null];

/** The agencies that every test network has. */
const AGENCIES: readonly TestAgency[] = [
  ['cr-border-intake', 'intake', 'CR'],
  ['cr-refugee-unit', 'asylum', 'CR'],
  ['mx-comar', 'asylum', 'MX'],
  ['cr-conatt', 'counter-trafficking', 'CR'],
  ['cr-ombudsman', 'timeline', 'CR'],
  ['regional-directory', 'directory', null],
];

/** Issuer of the tokens of a test network. */
export const TEST_ISSUER = 'https://issuer.test';
/** Audience of the tokens of a test network. */
export const TEST_AUDIENCE = 'urn:acogida';

/** What a test token says. Everything has a default that passes. */
export interface TestTokenClaims {
  readonly agency: string;
  readonly roles: readonly string[];
  /** `<agency>.<first role>` by default. */
  readonly subject?: string;
  /** Seconds from now; 3600 by default, negative for an expired token. */
  readonly expiresInSeconds?: number;
  readonly issuer?: string;
  readonly audience?: string;
}

/** Agencies with fresh keys, and an issuer for their people: hand the same one to all nodes of a spec. */
export interface TestNetwork {
  readonly network: Network;
  readonly sealingKey: Buffer;
  readonly tokenKeys: JWTVerifyGetKey;
  signingKeyOf(agencyId: string): KeyObject;
  /** The first agency of the kind. */
  agencyOf(kind: ServiceKind): string;
  token(claims: TestTokenClaims): Promise<string>;
}

/**
 * Makes the sample network with new keys.
 *
 * @param more agencies beside those of the sample: a new service names its own
 */
export async function createTestNetwork(...more: readonly TestAgency[]): Promise<TestNetwork> {
  const agencies = [...AGENCIES, ...more];
  const keys = new Map(agencies.map(([agencyId]) => [agencyId, generateKeyPairSync('ed25519')] as const));
  const network = plainToInstance(Network, {
    network: 'test',
    agencies: agencies.map(([agencyId, kind, jurisdiction]) => ({
      agencyId,
      kind,
      name: agencyId,
      jurisdiction,
      signingKeys: [
        {
          keyId: `${agencyId}-1`,
          publicKeyJwk: keys.get(agencyId)?.publicKey.export({ format: 'jwk' }),
          fromNumber: 1,
        },
      ],
    })),
  });
  const issuerKeys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(issuerKeys.publicKey)), kid: 'test', alg: 'ES256' };
  return {
    network,
    sealingKey: randomBytes(32),
    tokenKeys: createLocalJWKSet({ keys: [jwk] }),
    signingKeyOf: (agencyId) => {
      const pair = keys.get(agencyId);
      if (pair === undefined) throw new RangeError(`the test network has no agency ${agencyId}`);
      return pair.privateKey;
    },
    agencyOf: (kind) => {
      const found = network.agencies.find((agency) => agency.kind === kind);
      if (found === undefined) throw new RangeError(`the test network has no agency of kind ${kind}`);
      return found.agencyId;
    },
    token: ({ agency, roles, subject, expiresInSeconds = 3600, issuer = TEST_ISSUER, audience = TEST_AUDIENCE }) =>
      new SignJWT({ agency, roles: [...roles] })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setSubject(subject ?? `${agency}.${roles[0] ?? 'nobody'}`)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSeconds)
        .sign(issuerKeys.privateKey),
  };
}
