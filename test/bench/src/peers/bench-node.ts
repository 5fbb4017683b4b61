import { randomBytes } from 'node:crypto';
import { MemoryKms } from '@acogida/sealing';
import {
  bootNode,
  type NodeConfiguration,
  type NodeDefinition,
  type NodeReplacements,
  type RunningNode,
} from '@acogida/service-kit';
import { createRenamedTestNetwork, TEST_AUDIENCE, TEST_ISSUER, type TestNetwork } from '@acogida/testing/node';

/** Where a node of the bench keeps its data, and which log it follows. */
export interface BenchNodeOptions {
  readonly databaseUrl: string;
  /** Null: the embedded log, on the node's own database. */
  readonly brokers: readonly string[] | null;
}

/** A node as production boots it, on a network of its own with fresh keys. */
export interface BenchNode {
  readonly node: RunningNode;
  readonly network: TestNetwork;
  readonly agencyId: string;
}

/** The test network under agency ids nobody used before: a broker may hold the topics of earlier runs. */
function freshNetwork(): Promise<TestNetwork> {
  const run = randomBytes(4).toString('hex');
  return createRenamedTestNetwork((agencyId) => `${agencyId}-${run}`);
}

/** Boots a node that logs at level `info` to standard output. */
export async function bootBenchNode(
  definition: NodeDefinition,
  { databaseUrl, brokers }: BenchNodeOptions,
  replacements: NodeReplacements = {},
): Promise<BenchNode> {
  const network = await freshNetwork();
  const agencyId = network.agencyOf(definition.kind);
  const agency = network.agencies.find((candidate) => candidate.agencyId === agencyId);
  if (agency === undefined) throw new RangeError(`no agency of kind ${definition.kind}`);
  const signingKey = network.signingKeyOf(agencyId);
  const configuration: NodeConfiguration = {
    agencyId,
    agency,
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    log: brokers === null ? { driver: 'embedded', databaseUrl } : { driver: 'kafka', brokers },
    genesis: network.genesis,
    // Nobody but itself: keys that are owed to an auditor without a node would be tried again and again.
    admissions: network.admissions.filter(({ statement }) => statement.agency === agencyId),
    signingKeys: () => [signingKey],
    transportKeys: () => [network.keysOf(agencyId).privateKeys.transport],
    keys: {
      mode: 'cases',
      sealingKeys: () => [network.keysOf(agencyId).privateKeys.sealing],
      auditMandates: new Map(),
    },
    sealingKey: network.sealingKey,
    kms: { driver: 'file', path: '' }, // in memory instead
    oidc: { issuer: TEST_ISSUER, audience: TEST_AUDIENCE },
    logLevel: 'info',
    heartbeatIntervalMs: 10_000,
  };
  const node = await bootNode(definition, configuration, {
    replacements: { tokenKeys: network.tokenKeys, kms: new MemoryKms(), ...replacements },
  });
  return { node, network, agencyId };
}
