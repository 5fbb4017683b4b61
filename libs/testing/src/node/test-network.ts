import { type KeyObject, randomBytes } from 'node:crypto';
import type { NodeAgency, ServiceKind } from '@acogida/service-kit';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newTestTrust, type TestTrust } from './test-trust.ts';

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
export interface TestNetwork extends TestTrust {
  readonly agencies: readonly NodeAgency[];
  readonly sealingKey: Buffer;
  readonly tokenKeys: ReturnType<typeof createLocalJWKSet>;
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
export function createTestNetwork(...more: readonly TestAgency[]): Promise<TestNetwork> {
  return networkOf([...AGENCIES, ...more]);
}

/** The sample network under other ids: a broker may hold the topics of earlier runs. */
export function createRenamedTestNetwork(rename: (agencyId: string) => string): Promise<TestNetwork> {
  return networkOf(AGENCIES.map(([agencyId, kind, jurisdiction]) => [rename(agencyId), kind, jurisdiction]));
}

async function networkOf(agencies: readonly TestAgency[]): Promise<TestNetwork> {
  const trust = newTestTrust(
    agencies.map(([agency, kind, jurisdiction]) => ({ agency, kind, name: agency, jurisdiction })),
  );
  const issuerKeys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(issuerKeys.publicKey)), kid: 'test', alg: 'ES256' };
  return {
    ...trust,
    agencies: agencies.map(([agencyId, kind, jurisdiction]) => ({ agencyId, kind, name: agencyId, jurisdiction })),
    sealingKey: randomBytes(32),
    tokenKeys: createLocalJWKSet({ keys: [jwk] }),
    signingKeyOf: (agencyId) => trust.keysOf(agencyId).privateKeys.signing,
    agencyOf: (kind) => {
      const [agencyId] = agencies.find((agency) => agency[1] === kind) ?? [];
      if (agencyId === undefined) throw new RangeError(`the test network has no agency of kind ${kind}`);
      return agencyId;
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
