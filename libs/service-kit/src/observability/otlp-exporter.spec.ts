import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listenWithinReach } from '@acogida/testing';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { countedExporter, createOtlpExporter } from './otlp-exporter.ts';
import { NodeTracing } from './tracing.ts';

interface ExportedSpans {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string; readonly traceId: string }[] }[];
  }[];
}

const received: { readonly path: string | undefined; readonly body: ExportedSpans }[] = [];
let status = 200;
let collector: Server;
let endpoint: string;

beforeAll(async () => {
  collector = createServer((request, reply) => {
    void json(request).then((body) => {
      received.push({ path: request.url, body: body as ExportedSpans });
      reply.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  endpoint = `http://127.0.0.1:${await listenWithinReach(collector)}/`;
});

afterAll(async () => {
  await new Promise((resolve) => {
    collector.close(resolve);
    collector.closeAllConnections();
  });
});

/** One step of a node that stops right after it; what became of its span. */
async function exportOne(): Promise<readonly (readonly [string, number])[]> {
  const counted: (readonly [string, number])[] = [];
  const exporter = countedExporter(createOtlpExporter(endpoint), (outcome, spans) => counted.push([outcome, spans]));
  const tracing = new NodeTracing({
    ...{ agencyId: 'mx-comar', kind: 'asylum', serviceName: 'acogida-asylum', exporter, sampleRatio: 1 },
  });
  await tracing.around(
    'append',
    { count: 1, correlationIds: ['a1b0c3d4-1111-4222-8333-444455556666'] },
    async () => {},
  );
  await tracing.shutdown();
  return counted;
}

describe('spans for a collector', () => {
  it('are posted below the endpoint, the last ones when the node stops', async () => {
    expect(await exportOne()).toEqual([['exported', 1]]);
    expect(received).toHaveLength(1);
    expect(received[0]?.path).toBe('/v1/traces');
    const spans = received[0]?.body.resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    );
    expect(spans).toEqual([expect.objectContaining({ name: 'append', traceId: 'a1b0c3d4111142228333444455556666' })]);
  });

  it('that it refuses are counted, and nothing else happens', async () => {
    status = 400;
    expect(await exportOne()).toEqual([['lost', 1]]);
  });
});
