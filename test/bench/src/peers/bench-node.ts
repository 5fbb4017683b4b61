import { randomBytes } from 'node:crypto';
import {
  bootNode,
  type NodeConfiguration,
  type NodeDefinition,
  type NodeReplacements,
  type RunningNode,
  signingKeyIdOf,
} from '@acogida/service-kit';
import { createTestNetwork, TEST_AUDIENCE, TEST_ISSUER, type TestNetwork } from '@acogida/testing/node';

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
async function freshNetwork(): Promise<TestNetwork> {
  const network = await createTestNetwork();
  const run = randomBytes(4).toString('hex');
  const agencies = network.network.agencies.map((agency) => ({ ...agency, agencyId: `${agency.agencyId}-${run}` }));
  const formerId = (agencyId: string): string => agencyId.slice(0, -run.length - 1);
  return {
    ...network,
    network: { ...network.network, agencies },
    agencyOf: (kind) => `${network.agencyOf(kind)}-${run}`,
    signingKeyOf: (agencyId) => network.signingKeyOf(formerId(agencyId)),
  };
}

/** Boots a node that logs at level `info` to standard output. */
export async function bootBenchNode(
  definition: NodeDefinition,
  { databaseUrl, brokers }: BenchNodeOptions,
  replacements: NodeReplacements = {},
): Promise<BenchNode> {
  const network = await freshNetwork();
  const agencyId = network.agencyOf(definition.kind);
  const agency = network.network.agencies.find((candidate) => candidate.agencyId === agencyId);
  if (agency === undefined) throw new RangeError(`no agency of kind ${definition.kind}`);
  const signingKey = network.signingKeyOf(agencyId);
  const configuration: NodeConfiguration = {
    agencyId,
    agency,
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    log: brokers === null ? { driver: 'embedded', databaseUrl } : { driver: 'kafka', brokers },
    network: network.network,
    signingKey,
    signingKeyId: signingKeyIdOf(agency, signingKey) ?? '',
    sealingKey: network.sealingKey,
    oidc: { issuer: TEST_ISSUER, audience: TEST_AUDIENCE },
    logLevel: 'info',
    heartbeatIntervalMs: 10_000,
  };
  const node = await bootNode(definition, configuration, {
    replacements: { tokenKeys: network.tokenKeys, ...replacements },
  });
  return { node, network, agencyId };
}
