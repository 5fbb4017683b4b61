import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { AdmissionStatement, Genesis, RootSigned } from '@acogida/ledger';
import type { LogConfiguration, NodeAgency, NodeConfiguration } from '@acogida/service-kit';
import { TEST_AUDIENCE, TEST_ISSUER, type TestNetwork } from '@acogida/testing/node';
import type { JSONWebKeySet } from 'jose';

const KEY_USES = ['signing', 'sealing', 'transport'] as const;
type KeyUse = (typeof KEY_USES)[number];

/** What a process needs to be one agency of a network that another process made: as JSON. */
export interface AgencyPapers {
  readonly agency: NodeAgency;
  readonly genesis: Genesis;
  readonly admissions: readonly RootSigned<AdmissionStatement>[];
  readonly privateKeys: Readonly<Record<KeyUse, JsonWebKey>>;
  /** In base64. */
  readonly sealingKey: string;
  readonly tokenKeys: JSONWebKeySet;
}

/**
 * The papers of one agency.
 *
 * @param participants agencies that have a node: keys that are owed to an auditor without one would be tried again and again
 * @throws RangeError the network has no such agency
 */
export function papersOf(network: TestNetwork, agencyId: string, participants: readonly string[]): AgencyPapers {
  const agency = network.agencies.find((one) => one.agencyId === agencyId);
  if (agency === undefined) throw new RangeError(`no agency ${agencyId}`);
  const { privateKeys } = network.keysOf(agencyId);
  const jwk = (use: KeyUse): JsonWebKey => privateKeys[use].export({ format: 'jwk' });
  return {
    ...{ agency, genesis: network.genesis },
    admissions: network.admissions.filter(({ statement }) => participants.includes(statement.agency)),
    privateKeys: { signing: jwk('signing'), sealing: jwk('sealing'), transport: jwk('transport') },
    sealingKey: network.sealingKey.toString('base64'),
    tokenKeys: network.tokenKeys.jwks(),
  };
}

/** Where a node of the bench stands. */
export interface NodePlace {
  readonly databaseUrl: string;
  readonly log: LogConfiguration;
  /** 0 for any free one, and then nobody asks it over the agency channel. */
  readonly port: number;
}

/** The configuration of a node of these papers, that logs at level `info`. */
export function configurationOf(
  { agency, genesis, admissions, privateKeys, sealingKey }: AgencyPapers,
  { databaseUrl, log, port }: NodePlace,
): NodeConfiguration {
  const keys = Object.fromEntries(
    KEY_USES.map((use) => [use, createPrivateKey({ key: privateKeys[use], format: 'jwk' })]),
  ) as Record<KeyUse, KeyObject>;
  return {
    ...{ agencyId: agency.agencyId, agency, genesis, admissions, databaseUrl, log, port, host: '127.0.0.1' },
    ...(port === 0 ? {} : { publicUrl: `http://127.0.0.1:${port}` }),
    signingKeys: () => [keys.signing],
    transportKeys: () => [keys.transport],
    keys: { mode: 'cases', sealingKeys: () => [keys.sealing], auditMandates: new Map() },
    sealingKey: Buffer.from(sealingKey, 'base64'),
    kms: { driver: 'file', path: '' }, // in memory instead
    oidc: { issuer: TEST_ISSUER, audience: TEST_AUDIENCE },
    logLevel: 'info',
    heartbeatIntervalMs: 10_000,
  };
}
