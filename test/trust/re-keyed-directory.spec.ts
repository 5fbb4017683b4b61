import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { directoryNode } from '@acogida/directory';
import { type EventLog, MemoryEventLog, MemoryLogStore, topicOf } from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { ADMISSION, REVOCATION, type RootSigned, signRotation } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { createTestNetwork, newTestKeys, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { timelineNode } from '@acogida/timeline';
import { heardThrough, keptOf } from './trust-network.ts';

const OPERATOR = { roles: ['operator'] } as const;
const DIRECTORY = 'regional-directory';
const AGENCY = 'cr-border-intake';

/** A log that keeps back one topic until it is told otherwise. */
class SlowTopicLog extends MemoryEventLog {
  keptBack: string | null = topicOf(DIRECTORY);

  override subscribe(options: Parameters<EventLog['subscribe']>[0]): ReturnType<EventLog['subscribe']> {
    return super.subscribe({
      ...options,
      handler: async (topic, records) => {
        if (topic === this.keptBack) throw new Error('not yet');
        await options.handler(topic, records);
      },
    });
  }
}

const store = new MemoryLogStore();
const nodes: TestNode[] = [];
let network: TestNetwork;
let directory: TestNode;
let agency: TestNode;
const laterDirectoryKeys = newTestKeys(DIRECTORY, 2);
const laterAgencyKeys = newTestKeys(AGENCY, 2);

beforeAll(async () => {
  network = await createTestNetwork();
  const start = async (...[definition, options]: Parameters<typeof startTestNode>): Promise<TestNode> => {
    const node = await startTestNode(definition, { network, log: new MemoryEventLog(store), ...options });
    nodes.push(node);
    return node;
  };
  directory = await start(directoryNode, {
    signingKeys: () => [network.signingKeyOf(DIRECTORY), laterDirectoryKeys.privateKeys.signing],
  });
  agency = await start(intakeNode, {
    agencyId: AGENCY,
    signingKeys: () => [network.signingKeyOf(AGENCY), laterAgencyKeys.privateKeys.signing],
  });
});
afterAll(async () => {
  for (const node of nodes.reverse()) await node.stop();
});

const keysOf = async (node: TestNode) => (await node.get('/v1/operations/keys', OPERATOR)).body;

async function publish(type: 'admission' | 'revocation', signed: RootSigned<unknown>): Promise<void> {
  const reply = await directory.post('/v1/trust/statements', { type, signed }, OPERATOR);
  expect(reply.status).toBe(201);
}

/** The roots end the directory's keys and admit it with others: the two events that say so are the last under the old one. */
async function rekeyDirectory(): Promise<void> {
  const { genesis, keys, treeSize } = await keysOf(directory);
  const lastGoodNumber = treeSize + 2;
  await publish(
    'revocation',
    network.signedByRoots(REVOCATION, {
      ...{ genesis, agency: DIRECTORY, keyId: keys.signing.keyId, reason: 'KEY_LOST' },
      ...{ lastGoodNumber, lastGoodTreeHead: 'a'.repeat(64) },
    }),
  );
  const { trust } = directory.node.runtime;
  await eventually(() => expect(trust.get(DIRECTORY).at(-1)?.throughNumber).toBe(lastGoodNumber));
  await publish(
    'admission',
    network.signedByRoots(ADMISSION, {
      ...network.genesis.statement.directory,
      ...{ genesis, sequence: 2, keys: laterDirectoryKeys.publicKeys, fromNumber: lastGoodNumber + 1 },
    }),
  );
  await eventually(async () => expect((await keysOf(directory)).sequence).toBe(2));
}

async function rotateAgency(): Promise<void> {
  const { genesis, keys, treeSize, treeHead } = await keysOf(agency);
  const signed = signRotation(
    {
      ...{ genesis, agency: AGENCY, sequence: 2, keys: laterAgencyKeys.publicKeys, treeSize, treeHead },
      previousSigningKeyId: keys.signing.keyId,
    },
    { ...laterAgencyKeys.privateKeys, old: network.signingKeyOf(AGENCY) },
  );
  const countersigned = await directory.post('/v1/trust/countersignatures', signed, OPERATOR);
  expect(countersigned.body.signatures.directory.keyId).toBe(laterDirectoryKeys.publicKeys.signing.keyId);
  await eventually(async () => {
    const reply = await agency.post('/v1/operations/keys', countersigned.body, OPERATOR);
    expect(reply.status).toBe(201); // once it has heard of the directory's other key
  });
}

async function speak(): Promise<number> {
  const contact = { place: 'PENAS_BLANCAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
  expect((await agency.post('/v1/cases', contact, { roles: ['border-officer'] })).status).toBe(201);
  return eventually(async () => {
    const { rows } = await agency.pool.query<{ said: number; waiting: number }>(
      'SELECT count(number)::integer AS said, count(*) FILTER (WHERE number IS NULL)::integer AS waiting FROM es.outbox',
    );
    if (rows[0]?.waiting !== 0) throw new Error('something waits for its number');
    return rows[0].said;
  });
}

describe('a rotation that a later key of the directory countersigned', () => {
  it('is followed by whoever reads it before the directory, as soon as that key is known', async () => {
    await rekeyDirectory();
    await rotateAgency();
    const said = await speak();

    const log = new SlowTopicLog(store);
    const late = await startTestNode(timelineNode, { network, log });
    nodes.push(late);
    await eventually(async () =>
      expect(await keptOf(late, AGENCY)).toEqual(
        expect.arrayContaining([
          ['quarantined', 'EFFECT_FAILED'],
          ['unverifiable', 'UNKNOWN_SIGNING_KEY'],
        ]),
      ),
    );
    expect(await heardThrough(late, AGENCY)).toBeLessThan(said);

    log.keptBack = null;
    await eventually(async () => expect(await keptOf(late, AGENCY)).toEqual([]), 20_000);
    expect(await heardThrough(late, AGENCY)).toBe(said);
    expect(await keptOf(late, DIRECTORY)).toEqual([]);
  });
});
