import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { agencyEntry, listingNode } from '../testing/listing-node.ts';
import { specimenNode } from '../testing/specimen-node.ts';
import { LocalDirectory } from './local-directory.ts';

let publisher: TestNode;
let reader: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  publisher = await startTestNode(listingNode(), { network, log: new MemoryEventLog(store) });
  reader = await startTestNode(specimenNode, { network, log: new MemoryEventLog(store) });
});

afterAll(async () => {
  await publisher?.stop();
  await reader?.stop();
});

it('what the directory lists is known at every node, and again after a rebuild', async () => {
  const entry = agencyEntry('cr-conatt', { nature: 'ENFORCEMENT', authorityOf: 'CR' });
  expect((await publisher.post('/v1/listings', { entry }, { roles: ['coordinator'] })).status).toBe(201);
  const { context, rebuildProjections } = reader.node.runtime;
  const known = () => new LocalDirectory(context, reader.pool).agency('cr-conatt');
  await eventually(async () => expect(await known()).toEqual(entry.data));
  await rebuildProjections();
  expect(await known()).toEqual(entry.data);
});
