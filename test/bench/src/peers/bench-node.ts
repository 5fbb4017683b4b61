import { randomBytes } from 'node:crypto';
import { MemoryKms } from '@acogida/sealing';
import { bootNode, type NodeDefinition, type NodeReplacements, type RunningNode } from '@acogida/service-kit';
import { createRenamedTestNetwork, type TestNetwork } from '@acogida/testing/node';
import { createLocalJWKSet } from 'jose';
import { type AgencyPapers, configurationOf, type NodePlace, papersOf } from './agency-papers.ts';

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

/** Boots the node of an agency of a network that may have more, as production boots it. */
export function bootAgencyNode(
  definition: NodeDefinition,
  papers: AgencyPapers,
  place: NodePlace,
  replacements: NodeReplacements = {},
): Promise<RunningNode> {
  const tokenKeys = createLocalJWKSet(papers.tokenKeys);
  return bootNode(definition, configurationOf(papers, place), {
    replacements: { tokenKeys, kms: new MemoryKms(), ...replacements },
  });
}

/** The test network under agency ids nobody used before: a broker may hold the topics of earlier runs. */
function freshNetwork(): Promise<TestNetwork> {
  const run = randomBytes(4).toString('hex');
  return createRenamedTestNetwork((agencyId) => `${agencyId}-${run}`);
}

/** Boots a node that logs at level `info` to standard output, and is the only one of its network. */
export async function bootBenchNode(
  definition: NodeDefinition,
  { databaseUrl, brokers }: BenchNodeOptions,
  replacements: NodeReplacements = {},
): Promise<BenchNode> {
  const network = await freshNetwork();
  const agencyId = network.agencyOf(definition.kind);
  const papers = papersOf(network, agencyId, [agencyId]);
  const log =
    brokers === null ? ({ driver: 'embedded', databaseUrl } as const) : ({ driver: 'kafka', brokers } as const);
  const node = await bootAgencyNode(definition, papers, { databaseUrl, log, port: 0 }, replacements);
  return { node, network, agencyId };
}
