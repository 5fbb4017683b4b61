import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestNodeOptions,
} from '@acogida/testing/node';
import { MemoryKms } from '@acogida/sealing';
import { Injectable } from '@nestjs/common';
import { PostgresAuditLog } from '../audit/audit-log.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { ENVELOPE_LIMIT_BYTES, ENVELOPE_TYPE } from './channel-messages.ts';
import { AGENCY_CHANNEL, type AgencyChannel, type ChannelAnswer, type ChannelService } from './port.ts';

const DEADLINE_MS = 5_000;
const audit = new PostgresAuditLog();

/** Grants whatever it is asked. */
@Injectable()
class GrantingService implements ChannelService {
  readonly topic = 'clearance';

  answer(from: string, requestId: string, body: JsonObject): Promise<JsonObject> {
    return Promise.resolve({ clearanceId: requestId, to: from, isGranted: true, of: body['caseId'] ?? null });
  }
}

function channelNode(kind: string, channelServices: NodeDefinition['channelServices'] = []): NodeDefinition {
  return {
    ...{ kind, description: 'Asks and answers.', procedures: [], controllers: [], providers: [], entities: [] },
    ...{ migrations: [], inlineProjections: [], contractProjections: [], policies: () => [], channelServices },
  };
}

let network: TestNetwork;
let store: MemoryLogStore;
let gate: TestNode;
let authority: TestNode;
/** What the authority's node goes on with when it comes back. */
let lasting: { readonly database: TestDatabase; readonly kms: MemoryKms };

function start(definition: NodeDefinition, more: Pick<TestNodeOptions, 'database' | 'kms'> = {}): Promise<TestNode> {
  const log = new MemoryEventLog(store);
  const options = { network, log, keysMode: 'cases', withChannel: true, logLevel: 'info' } as const;
  return startTestNode(definition, { ...options, ...more });
}

function ask(node: TestNode, agencyId: string, requestId: string = randomUUID()): Promise<ChannelAnswer> {
  const channel = node.node.app.get<AgencyChannel>(AGENCY_CHANNEL);
  const body = { caseId: requestId, name: 'canary María Pérez' };
  return channel.ask(agencyId, { topic: 'clearance', requestId, body }, DEADLINE_MS);
}

/** Sends something to a node's channel as anybody can. */
async function sent(node: TestNode, body: string, type = ENVELOPE_TYPE): Promise<readonly [number, unknown]> {
  const response = await fetch(`${node.node.url}/v1/channel`, {
    ...{ method: 'POST', body, headers: { 'content-type': type } },
  });
  return [response.status, ((await response.json()) as { readonly code?: unknown }).code];
}

async function announcements(node: TestNode): Promise<readonly string[]> {
  const stored = await node.node.runtime.store.readStream(`node-address-${node.agencyId}`);
  return stored.map(({ data }) => (data as { readonly url: string }).url);
}

beforeAll(async () => {
  network = await createTestNetwork();
  store = new MemoryLogStore();
  lasting = { database: await createTestDatabase(), kms: new MemoryKms() };
  authority = await start(channelNode('asylum', [GrantingService]), lasting);
  gate = await start(channelNode('intake'));
});
afterAll(async () => {
  for (const node of [gate, authority]) await node?.stop();
  await lasting?.database.drop();
});

describe('two nodes', () => {
  it('ask and answer each other, where the other one announced that it is asked', async () => {
    const requestId = randomUUID();
    await eventually(async () => {
      expect(await ask(gate, authority.agencyId, requestId)).toEqual({
        outcome: 'ANSWERED',
        body: { clearanceId: requestId, to: gate.agencyId, isGranted: true, of: requestId },
      });
    });
    expect(await announcements(authority)).toEqual([authority.node.url]);
    await gate.node.runtime.rebuildProjections();
    expect(await ask(gate, authority.agencyId)).toMatchObject({ outcome: 'ANSWERED' });
    const told = await gate.node.runtime.observability.metrics.registry.getSingleMetricAsString(
      'acogida_channel_ask_duration_seconds',
    );
    expect(told).toMatch(/_count\{[^}]*topic="clearance",outcome="ANSWERED"[^}]*\} [1-9]/);
  });

  it('of which one answers nothing: it announces nothing, and is not asked', async () => {
    expect(await announcements(gate)).toEqual([]);
    expect(await ask(authority, gate.agencyId)).toEqual({ outcome: 'UNREACHABLE' });
    expect(await sent(gate, 'x')).toEqual([404, 'NOT_FOUND']);
  });

  it('take nothing from strangers: no envelope, another form, too much', async () => {
    expect(await sent(authority, 'x')).toEqual([401, 'CHANNEL.NOT_AUTHENTICATED']);
    expect(await sent(authority, '{}', 'application/json')).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(await sent(authority, 'x'.repeat(ENVELOPE_LIMIT_BYTES + 1))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const kept = await audit.find(authority.pool, { kind: 'CHANNEL_REFUSED', limit: 10 });
    expect(kept.map(({ actor, details }) => [actor, ...details])).toEqual([
      [`${authority.agencyId}.channel`, 'reason:NOT_FOR_US'],
    ]);
  });

  it('keep an entry of what could not be verified', async () => {
    expect(await ask(gate, 'xx-nobody')).toEqual({ outcome: 'UNVERIFIABLE' });
    const [kept] = await audit.find(gate.pool, { kind: 'CHANNEL_UNVERIFIABLE', limit: 1 });
    expect(kept?.details).toEqual(['agency:xx-nobody', 'reason:UNKNOWN_AGENCY']);
  });

  it('log nothing of who is asked about', () => {
    const lines = [...gate.logLines, ...authority.logLines].join('\n');
    expect(lines).toContain('an agency was not reached');
    expect(lines).not.toMatch(/canary|María/);
  });
});

describe('a node that was away', () => {
  it('is not reached, and is where it comes back to, which it announces once', async () => {
    await authority.stop();
    expect(await ask(gate, authority.agencyId)).toEqual({ outcome: 'UNREACHABLE' });
    authority = await start(channelNode('asylum', [GrantingService]), lasting);
    await eventually(async () => expect(await ask(gate, authority.agencyId)).toMatchObject({ outcome: 'ANSWERED' }));
    const all = await announcements(authority);
    expect([all.length, all.at(-1)]).toEqual([2, authority.node.url]);
  });
});
