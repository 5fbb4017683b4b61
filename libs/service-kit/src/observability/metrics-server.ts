import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where metrics are served. */
export interface MetricsAddress {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** A listener that serves metrics and nothing else. */
export interface MetricsServer {
  /** Where a scraper finds them. */
  readonly url: string;
  stop(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves `GET /metrics` on a port of its own, apart from the routes of people: who may reach it is decided by where it
 * listens (architecture.md §9: deny by default).
 *
 * @throws what listening throws: the port is taken, the host is not of this machine
 */
export async function serveMetrics(
  address: MetricsAddress,
  metrics: { readonly contentType: string; text(): Promise<string> },
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, reply) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading || request.url?.split('?', 1)[0] !== '/metrics') {
      request.resume();
      reply.writeHead(isReading ? 404 : 405).end();
      return;
    }
    metrics.text().then(
      (text) => reply.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text),
      () => reply.writeHead(500).end(),
    );
  });
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address.host}:${port}/metrics`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, { host, port }: MetricsAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
