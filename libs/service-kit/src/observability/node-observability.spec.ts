import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { specimenNode } from '../testing/specimen-node.ts';
import { beginningOf } from './trace-ids.ts';

const CORRELATION = 'a1b0c3d4-1111-4222-8333-444455556666';
const TRACE = CORRELATION.replaceAll('-', '');
const roles = ['caseworker'] as const;
const spansOf = { sender: new InMemorySpanExporter(), receiver: new InMemorySpanExporter() };
let sender: TestNode;
let receiver: TestNode;
const lines: string[] = [];

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const common = { network, withMetrics: true, logLevel: 'info' };
  sender = await startTestNode(specimenNode, {
    ...common,
    log: new MemoryEventLog(store),
    spanExporter: spansOf.sender,
  });
  receiver = await startTestNode(
    {
      ...specimenNode,
      kind: 'asylum',
      policies: () => [
        {
          name: 'when-case-opened-then-fail',
          on: 'CaseOpened',
          react: () => Promise.reject(new Error('canary María Pérez')),
        },
      ],
    },
    { ...common, log: new MemoryEventLog(store), spanExporter: spansOf.receiver },
  );
  const headers = { 'x-correlation-id': CORRELATION };
  expect((await sender.post('/v1/shelters', undefined, { roles, headers })).status).toBe(201);
  expect((await sender.get('/v1/nowhere', { roles })).status).toBe(404);
  await eventually(() => expect(namesOf(spansOf.receiver)).toContain('inbox'));
  lines.push(...sender.logLines, ...receiver.logLines);
});

afterAll(async () => {
  await sender.stop();
  await receiver.stop();
});

function namesOf(exporter: InMemorySpanExporter): readonly string[] {
  return exporter.getFinishedSpans().map((span) => span.name);
}

function spanOf(exporter: InMemorySpanExporter, name: string): ReadableSpan | undefined {
  return exporter.getFinishedSpans().find((span) => span.name === name);
}

/** Value of a series whose labels include those given; undefined where there is none. */
async function valueOf(node: TestNode, name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const reply = await fetch(node.node.metricsUrl ?? '');
  expect(reply.status).toBe(200);
  const wanted = Object.entries({ ...labels, agency: node.agencyId }).map(([label, value]) => `${label}="${value}"`);
  const line = (await reply.text())
    .split('\n')
    .find((text) => text.startsWith(`${name}{`) && wanted.every((label) => text.includes(label)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

describe('the metrics of a node', () => {
  it('count requests by route template and class of status', async () => {
    const name = 'acogida_http_request_duration_seconds_count';
    expect(await valueOf(sender, name, { method: 'POST', route: '/v1/shelters', status: '2xx' })).toBe(1);
    expect(await valueOf(sender, name, { method: 'GET', route: 'unmatched', status: '4xx' })).toBe(1);
  });

  it('measure each step', async () => {
    const name = 'acogida_step_duration_seconds_count';
    for (const step of ['append', 'sequence', 'publish']) {
      await eventually(async () => expect(await valueOf(sender, name, { step, outcome: 'done' })).toBeGreaterThan(0));
    }
    expect(await valueOf(sender, 'acogida_step_items_sum', { step: 'append' })).toBe(1);
    expect(await valueOf(receiver, name, { step: 'inbox' })).toBeGreaterThan(0);
  });

  it('show how far relay and inbox are', async () => {
    await eventually(async () => expect(await valueOf(sender, 'acogida_relay_published_number')).toBe(1));
    expect(await valueOf(sender, 'acogida_relay_last_number')).toBe(1);
    expect(await valueOf(sender, 'acogida_outbox_unnumbered_events')).toBe(0);
    expect(await valueOf(sender, 'acogida_outbox_unpublished_events')).toBe(0);
    expect(await valueOf(sender, 'acogida_relaying')).toBe(1);
    expect(await valueOf(sender, 'acogida_relay_incarnation')).toBe(1);
    const source = { source: sender.agencyId };
    await eventually(async () => expect(await valueOf(receiver, 'acogida_inbox_last_number', source)).toBe(1));
    expect(await valueOf(receiver, 'acogida_inbox_lag_events', source)).toBe(0);
    expect(await valueOf(receiver, 'acogida_inbox_source_status', { ...source, status: 'flowing' })).toBe(1);
  });

  it('count what has no effect, and the alarms about it', async () => {
    const source = { source: sender.agencyId };
    await eventually(async () => {
      expect(await valueOf(receiver, 'acogida_inbox_kept_events', { ...source, state: 'quarantined' })).toBe(1);
    });
    expect(await valueOf(receiver, 'acogida_inbox_kept_events', { ...source, state: 'parked' })).toBe(0);
    expect(await valueOf(receiver, 'acogida_alarms_total', { ...source, kind: 'quarantined' })).toBe(1);
  });

  it('say of an agency that was never heard of that it is stale', async () => {
    const source = { source: 'mx-comar' };
    expect(await valueOf(sender, 'acogida_inbox_stale', source)).toBe(1);
    expect(await valueOf(sender, 'acogida_inbox_silence_seconds', source)).toBeUndefined();
  });

  it('show the process and its connections', async () => {
    expect(await valueOf(sender, 'acogida_pool_connections', { state: 'idle' })).toBeGreaterThan(0);
    expect(await valueOf(sender, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(await valueOf(sender, 'acogida_collect_failed')).toBe(0);
  });

  it('are served on a port of their own, and nothing else is', async () => {
    const base = (sender.node.metricsUrl ?? '').replace(/\/metrics$/, '');
    expect((await fetch(`${base}/v1/shelters`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await sender.get('/metrics', { token: null })).status).toBe(404);
  });
});

describe('the trace of a command', () => {
  it('holds its request and its append, in the trace of its correlation', () => {
    const request = spanOf(spansOf.sender, 'POST /v1/shelters');
    const append = spanOf(spansOf.sender, 'append');
    expect(request?.spanContext()).toMatchObject(beginning());
    expect(append?.spanContext().traceId).toBe(TRACE);
    expect(append?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  });

  it('is linked by the inbox of the agency that received it, by what was inside the seal', () => {
    const inbox = spanOf(spansOf.receiver, 'inbox');
    expect(inbox?.spanContext().traceId).not.toBe(TRACE);
    expect(inbox?.links.map((link) => link.context)).toEqual([expect.objectContaining(beginning())]);
  });

  it('stands in the log lines of its request', () => {
    const answered = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['route'] === '/v1/shelters');
    expect(answered).toEqual([
      expect.objectContaining({ correlationId: CORRELATION, traceId: TRACE, agency: sender.agencyId, status: 201 }),
    ]);
  });

  function beginning(): { traceId: string; spanId: string } {
    const { traceId, spanId } = beginningOf(sender.agencyId, TRACE);
    return { traceId, spanId };
  }
});
